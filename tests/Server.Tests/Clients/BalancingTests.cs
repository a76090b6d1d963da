using System.Collections.Concurrent;
using YMaskNet.Client;

namespace YMaskNet.Server.Tests.Clients;

/// <summary>One client of several real servers. They hold different models, so that an answer tells whose it is.</summary>
public sealed class BalancingTests
{
    private const string First = "tiny-ymasknet";
    private const string Second = "tiny-yolov5";

    private static readonly ImageInput Board = ImageInput.FromBytes(Boards.PngFile);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Calls_TwoServers_TakeTurns()
    {
        await using TestServer first = await StartFirstAsync();
        await using TestServer second = await StartSecondAsync();
        using InspectionClient client = InspectionClient.Connect([Text(first), Text(second)]);
        await AwaitBothAsync(client);

        string[] answered = [.. (await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => client.DetectAsync(Board)))).Select(answer => answer.Model.Name)];

        Assert.Equal((10, 10), (answered.Count(name => name == First), answered.Count(name => name == Second)));
    }

    [Fact]
    public async Task Sessions_TwoServers_TakeTurnsAndStayWhereTheyAre()
    {
        await using TestServer first = await StartFirstAsync();
        await using TestServer second = await StartSecondAsync();
        using InspectionClient client = InspectionClient.Connect([Text(first), Text(second)]);
        await AwaitBothAsync(client);

        List<string> models = [];
        for (int i = 0; i < 2; i++)
        {
            await using InspectionSession session = await client.OpenSessionAsync(new SessionOptions { Task = Wire.Task.Detect });
            models.Add(session.Model.Name);
            IAsyncEnumerable<Wire.Frame> frames = AsyncEnumerable.Range(0, 5).Select(id => Board.ToFrame((ulong)id));
            Assert.Equal(5, await session.InspectAsync(frames).CountAsync(result => result.Verdict == Wire.Verdict.Fail));
        }

        Assert.Equal([First, Second], models.Order());
    }

    [Fact]
    public async Task Calls_OneServerIsKilled_AllAreAnsweredByTheOther()
    {
        await using TestServer first = await StartFirstAsync();
        using TemporaryFolder models = new();
        TestModels.WriteYoloV5(models.Path);
        using ServerRun second = ServerRun.Start(
            "--models", models.Path, "--address", "http://127.0.0.1:0", "--lanes", "1", "--Logging:Console:LogLevel:Default=None");
        string ready = await second.ReadLineAsync();
        using InspectionClient client = InspectionClient.Connect([Text(first), ready[ready.IndexOf("http", StringComparison.Ordinal)..].Trim()]);
        await AwaitBothAsync(client);

        ConcurrentBag<string> answered = [];
        Task killing = Task.Run(async () =>
        {
            await Eventually.TrueAsync(() => answered.Count >= 50, () => $"{answered.Count} calls were answered.");
            second.Kill();
        });
        await Parallel.ForEachAsync(Enumerable.Range(0, 400), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (_, cancellationToken) =>
        {
            answered.Add((await client.DetectAsync(Board, cancellationToken: cancellationToken)).Model.Name);
        });
        await killing;

        Assert.Equal(400, answered.Count);
        Assert.InRange(answered.Count(name => name == Second), 20, 380);
        Assert.Equal(First, (await client.DetectAsync(Board)).Model.Name);
        Assert.Equal(First, (await client.DetectAsync(Board)).Model.Name);
    }

    [Fact]
    public async Task Calls_OneServerStopsAndComesBack_ItTakesPartAgain()
    {
        await using TestServer first = await StartFirstAsync();
        TestServer second = await StartSecondAsync();
        string address = Text(second);
        using InspectionClient client = InspectionClient.Connect([Text(first), address]);
        await AwaitBothAsync(client);

        await second.StopAsync();
        await second.DisposeAsync();
        for (int i = 0; i < 10; i++)
            Assert.Equal(First, (await client.DetectAsync(Board)).Model.Name);

        await using TestServer again = await TestServer.StartAsync(models => TestModels.WriteYoloV5(models), "--address", address);
        await AwaitBothAsync(client);
    }

    [Fact]
    public async Task Calls_NoServerAtAll_Unavailable()
    {
        TestServer first = await StartFirstAsync();
        TestServer second = await StartSecondAsync();
        string[] addresses = [Text(first), Text(second)];
        await first.DisposeAsync();
        await second.DisposeAsync();
        using InspectionClient client = InspectionClient.Connect(addresses);

        InspectionFailedException failure = await Assert.ThrowsAsync<InspectionFailedException>(() => client.DetectAsync(Board).WaitAsync(Patience));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
    }

    [Fact]
    public async Task Calls_NameInDns_Answered()
    {
        await using TestServer server = await StartFirstAsync();

        // The name may stand for an address of IPv6 too, where nobody listens: that one is left out.
        using InspectionClient client = InspectionClient.Connect($"dns:///localhost:{server.Address.Port}");

        for (int i = 0; i < 5; i++)
            Assert.Equal(First, (await client.DetectAsync(Board)).Model.Name);
    }

    [Fact]
    public async Task Calls_TwoServersOverTls_TakeTurns()
    {
        using TestAuthority authority = new();
        string[] tls = authority.IssueForServer().ServerArguments;
        await using TestServer first = await TestServer.StartAsync(models => TestModels.WriteYMaskNet(models), tls);
        await using TestServer second = await TestServer.StartAsync(models => TestModels.WriteYoloV5(models), tls);
        InspectionClientOptions options = new() { Tls = TlsOptions.FromFiles(authority.CertificateFile) };
        using InspectionClient client = InspectionClient.Connect([Text(first), Text(second)], options);
        using InspectionClient byName = InspectionClient.Connect($"dns:///localhost:{first.Address.Port}", options);

        await AwaitBothAsync(client);
        Assert.Equal(First, (await byName.DetectAsync(Board)).Model.Name);
    }

    private static Task<TestServer> StartFirstAsync() => TestServer.StartAsync(models => TestModels.WriteYMaskNet(models));

    private static Task<TestServer> StartSecondAsync() => TestServer.StartAsync(models => TestModels.WriteYoloV5(models));

    private static string Text(TestServer server) => server.Address.ToString();

    /// <summary>Calls until both servers have answered: each is connected to on its own.</summary>
    private static async Task AwaitBothAsync(InspectionClient client)
    {
        HashSet<string> seen = [];
        using CancellationTokenSource patience = new(Patience);
        while (seen.Count < 2)
        {
            Assert.False(patience.IsCancellationRequested, $"Only {string.Join(", ", seen)} answered.");
            seen.Add((await client.DetectAsync(Board)).Model.Name);
        }
    }
}
