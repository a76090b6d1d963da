using Grpc.Core;
using YMaskNet.Client.Tests.Support;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Connections;

public class CallHeadersTests
{
    private const string Token = "token-of-line-3";

    [Fact]
    public async Task Call_TokenAndHeaders_ReachTheServer()
    {
        Metadata? received = null;
        await using ScriptedServer server = await StartAsync(headers => received = headers);
        using InspectionClient client = InspectionClient.Connect(
            server.Address, new InspectionClientOptions { Token = Token, Headers = [new("line", "3"), new("station", "optics")] });

        await client.DetectAsync(ImageInput.FromBytes(new byte[1]));

        Assert.Equal(($"Bearer {Token}", "3", "optics"), (received!.GetValue("authorization"), received.GetValue("line"), received.GetValue("station")));
    }

    [Fact]
    public async Task Call_TokenProvider_AskedBeforeEveryTry()
    {
        List<string?> received = [];
        await using ScriptedServer server = await StartAsync(headers =>
        {
            received.Add(headers.GetValue("authorization"));
            if (received.Count == 1)
                throw RpcErrors.Create(StatusCode.Unavailable, "SERVER_STOPPING", "stops");
        });
        int asked = 0;
        using InspectionClient client = InspectionClient.Connect(
            server.Address, new InspectionClientOptions { TokenProvider = _ => ValueTask.FromResult($"token-{++asked}") });

        await client.DetectAsync(ImageInput.FromBytes(new byte[1]));

        Assert.Equal(["Bearer token-1", "Bearer token-2"], received);
    }

    [Fact]
    public async Task Call_TokenProviderThatFails_ItsExceptionComesOut()
    {
        await using ScriptedServer server = await StartAsync(_ => { });
        using InspectionClient failing = InspectionClient.Connect(
            server.Address, new InspectionClientOptions { TokenProvider = _ => throw new TimeZoneNotFoundException() });
        using InspectionClient wrong = InspectionClient.Connect(
            server.Address, new InspectionClientOptions { TokenProvider = _ => ValueTask.FromResult("two\nlines") });

        await Assert.ThrowsAsync<TimeZoneNotFoundException>(() => failing.ListModelsAsync());
        await Assert.ThrowsAsync<ArgumentException>(() => wrong.ListModelsAsync());
    }

    [Theory]
    [InlineData("http://line-3.plant:5080")]
    [InlineData("dns:///line-3.plant:5080")]
    public void Connect_TokenThatWouldLeaveTheHostInTheClear_Refused(string address)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(
            () => InspectionClient.Connect(address, new InspectionClientOptions { Token = Token }));

        Assert.Contains("everybody on the way could read the token", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Token, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("line end\n")]
    [InlineData("two words")]
    [InlineData("ümlaut")]
    public void Connect_NoToken_Refused(string token) => Assert.Throws<ArgumentException>(
        () => InspectionClient.Connect("http://127.0.0.1:5080", new InspectionClientOptions { Token = token }));

    [Fact]
    public void Connect_TokenTwice_Refused() => Assert.Throws<ArgumentException>(() => InspectionClient.Connect(
        "http://127.0.0.1:5080", new InspectionClientOptions { Token = Token, TokenProvider = _ => ValueTask.FromResult(Token) }));

    [Fact]
    public void Connect_HeaderThatCantBeOne_Refused() => Assert.Throws<ArgumentException>(() => InspectionClient.Connect(
        "http://127.0.0.1:5080", new InspectionClientOptions { Headers = [new("two words", "3")] }));

    [Fact]
    public void ToString_OfOptions_HasNoToken() =>
        Assert.DoesNotContain(Token, new InspectionClientOptions { Token = Token }.ToString(), StringComparison.Ordinal);

    private static Task<ScriptedServer> StartAsync(Action<Metadata> look) => ScriptedServer.StartAsync(new ScriptedInspection
    {
        OnDetect = (_, context) =>
        {
            look(context.RequestHeaders);
            return Task.FromResult(new DetectResponse());
        },
    });
}
