using System.Security.Cryptography.X509Certificates;
using Grpc.Core;
using YMaskNet.Client.Tests.Support;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Tool;

/// <summary>Tokens and TLS of the command line tool.</summary>
public sealed class ConnectionOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Inspect_TokenFile_ReachesTheServer()
    {
        string? received = null;
        await using ScriptedServer server = await StartAsync(headers => received = headers.GetValue("authorization"));
        string token = Add("token", "token-of-line-3\n");

        ToolRun run = await ToolRun.RunAsync("inspect", Add("a.png", ""), "--server", server.Address.ToString(), "--token-file", token);

        Assert.Equal((0, "Bearer token-of-line-3"), (run.ExitCode, received));
    }

    [Fact]
    public async Task Inspect_TokenInTheEnvironment_ReachesTheServer()
    {
        string? received = null;
        await using ScriptedServer server = await StartAsync(headers => received = headers.GetValue("authorization"));
        Environment.SetEnvironmentVariable("YMASKNET_TOKEN", "token-of-line-4");
        ToolRun run;
        try
        {
            run = await ToolRun.RunAsync("inspect", Add("a.png", ""), "--server", server.Address.ToString());
        }
        finally
        {
            Environment.SetEnvironmentVariable("YMASKNET_TOKEN", null);
        }

        Assert.Equal((0, "Bearer token-of-line-4"), (run.ExitCode, received));
    }

    [Fact]
    public async Task Models_Ca_ServerIsBelievedWithItAndNotWithout()
    {
        using X509Certificate2 certificate = SelfSigned.Create();
        string authority = Add("ca.pem", certificate.ExportCertificatePem());
        await using ScriptedServer server = await ScriptedServer.StartAsync(new ScriptedInspection(), certificate: certificate);

        ToolRun with = await ToolRun.RunAsync("models", "--server", server.Address.ToString(), "--ca", authority);
        ToolRun without = await ToolRun.RunAsync("models", "--server", server.Address.ToString());

        Assert.Equal((0, 3), (with.ExitCode, without.ExitCode));
        Assert.Contains($"server at {server.Address} is not reachable", without.Error, StringComparison.Ordinal);
        Assert.Contains("certificate", without.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_Unauthenticated_SaysHowToGiveATokenAndExitCode2()
    {
        await using ScriptedServer server = await StartAsync(
            _ => throw RpcErrors.Create(StatusCode.Unauthenticated, "TOKEN_MISSING", "The call carries no token."));

        ToolRun run = await ToolRun.RunAsync("inspect", Add("a.png", ""), "--server", server.Address.ToString(), "--stream");

        Assert.NotEqual(0, run.ExitCode);
        Assert.Contains("The call carries no token.", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--certificate-key needs the certificate", "--certificate-key", "a.key")]
    [InlineData("everybody on the way could read the token", "--server", "http://line-3.plant:5080", "--token-file", "{token}")]
    [InlineData("TLS is asked for; write https", "--ca", "{ca}")]
    [InlineData("holds no certificate", "--server", "https://127.0.0.1:1", "--ca", "{token}")]
    public async Task Models_OptionsThatDoNotGoTogether_OneLineAndExitCode2(string message, params string[] options)
    {
        using X509Certificate2 certificate = SelfSigned.Create();
        string authority = Add("ca.pem", certificate.ExportCertificatePem());
        string token = Add("token", "token-of-line-3");

        ToolRun run = await ToolRun.RunAsync(
            ["models", .. options.Select(option => option.Replace("{ca}", authority, StringComparison.Ordinal).Replace("{token}", token, StringComparison.Ordinal))]);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Single(run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    private static Task<ScriptedServer> StartAsync(Action<Metadata> look)
    {
        ScriptedInspection inspection = new()
        {
            OnDetectAndSegment = (_, context) =>
            {
                look(context.RequestHeaders);
                return Task.FromResult(new DetectAndSegmentResponse { Model = Answers.Reference, Execution = Answers.Execution, ImageSize = new ImageSize { Width = 8, Height = 6 } });
            },
            OnStream = (_, _, context) =>
            {
                look(context.RequestHeaders);
                return Task.CompletedTask;
            },
        };
        return ScriptedServer.StartAsync(inspection);
    }

    private string Add(string name, string text) => _folder.Add(name, System.Text.Encoding.ASCII.GetBytes(text));
}
