using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using YMaskNet.Inference;
using YMaskNet.Server.Inspection;

namespace YMaskNet.Server.Tests.Inspection;

public sealed class ConnectionFlowTests
{
    [Fact]
    public async Task Of_CallsThatComeFirstAtOnce_OneFlowForEachConnection()
    {
        ConcurrentBag<(string Connection, InspectionFlow Flow)> seen = [];
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        await using WebApplication server = builder.Build();
        server.Run(call =>
        {
            seen.Add((call.Connection.Id, ConnectionFlow.Of(call)));
            return Task.CompletedTask;
        });
        await server.StartAsync(TestContext.Current.CancellationToken);
        Uri address = new(server.Urls.Single());

        for (int connection = 0; connection < 20; connection++)
        {
            using HttpClient client = new()
            {
                BaseAddress = address,
                DefaultRequestVersion = HttpVersion.Version20,
                DefaultVersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.GetAsync("/", TestContext.Current.CancellationToken)));
        }

        (string Connection, InspectionFlow Flow)[] distinct = [.. seen.Distinct()];
        Assert.Equal(160, seen.Count);
        Assert.Equal(seen.Select(call => call.Connection).Distinct().Count(), distinct.Length);
        Assert.Equal(distinct.Length, distinct.Select(call => call.Flow).Distinct().Count());
    }
}
