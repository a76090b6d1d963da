using Microsoft.Extensions.Logging;
using YMaskNet.Client;
using YMaskNet.Server.FileWatch;
using YMaskNet.Server.Hosting;
using YMaskNet.Server.Tls;

namespace YMaskNet.Server.Tests.Tls;

/// <summary>The server behind TLS, called by the client library.</summary>
public sealed class TlsTests : IDisposable
{
    private static readonly RetryOptions Once = RetryOptions.None;

    private readonly TestAuthority _authority = new();

    public void Dispose() => _authority.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_TrustedAuthority_Answered(bool rsa)
    {
        await using TestServer server = await TestServer.StartAsync(_authority.IssueForServer(rsa: rsa).ServerArguments);
        using InspectionClient client = Connect(server, TlsOptions.FromFiles(_authority.CertificateFile));

        Assert.Equal(Uri.UriSchemeHttps, server.Address.Scheme);
        FoundBlobs.Check((await client.DetectAsync(ImageInput.FromBytes(Boards.PngFile))).Defects);
    }

    [Fact]
    public async Task Call_EveryKindOfCall_Answered()
    {
        await using TestServer server = await TestServer.StartAsync(_authority.IssueForServer().ServerArguments);
        using InspectionClient client = Connect(server, TlsOptions.FromFiles(_authority.CertificateFile));

        await using InspectionSession session = await client.OpenSessionAsync(new SessionOptions { Task = Wire.Task.Detect });
        await session.WriteAsync(ImageInput.FromBytes(Boards.PngFile).ToFrame(7));
        await session.CompleteAsync();
        Wire.FrameResult result = Assert.Single(await session.ReadAllAsync().ToListAsync());
        Wire.InspectBoardResponse board = await client.InspectBoardAsync(
            BoardInput.FromPixels(new byte[64 * 64], 64, 64, Wire.PixelFormat.Mono8), new BoardOptions { Task = Wire.Task.Detect });

        Assert.Equal(7u, result.FrameId);
        FoundBlobs.Check(result.Defects);
        Assert.Equal(64u, board.ImageSize.Width);
    }

    [Fact]
    public async Task Call_UnknownAuthority_Unavailable()
    {
        using TestAuthority other = new();
        await using TestServer server = await TestServer.StartAsync(_authority.IssueForServer().ServerArguments);
        using InspectionClient client = Connect(server, TlsOptions.FromFiles(other.CertificateFile));
        using InspectionClient ofTheSystem = Connect(server, new TlsOptions());

        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<InspectionFailedException>(() => client.ListModelsAsync())).StatusCode);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<InspectionFailedException>(() => ofTheSystem.ListModelsAsync())).StatusCode);
    }

    [Fact]
    public async Task Call_ServerName_IsWhatTheCertificateMustBeOf()
    {
        await using TestServer server = await TestServer.StartAsync(_authority.IssueForServer("line-3.plant").ServerArguments);
        TlsOptions tls = TlsOptions.FromFiles(_authority.CertificateFile);
        using InspectionClient right = Connect(server, tls with { ServerName = "line-3.plant" });
        using InspectionClient wrong = Connect(server, tls with { ServerName = "line-4.plant" });

        Assert.NotEmpty((await right.ListModelsAsync()).Models);
        Assert.Equal(StatusCode.Unavailable, (await Assert.ThrowsAsync<InspectionFailedException>(() => wrong.ListModelsAsync())).StatusCode);
    }

    [Fact]
    public async Task Call_IntermediateAuthority_ServerSendsItsCertificate()
    {
        using TestAuthority intermediate = new("Intermediate Authority", parent: _authority);
        await using TestServer server = await TestServer.StartAsync(intermediate.IssueForServer().ServerArguments);
        using InspectionClient client = Connect(server, TlsOptions.FromFiles(_authority.CertificateFile));

        Assert.NotEmpty((await client.ListModelsAsync()).Models);
    }

    [Fact]
    public async Task Call_WithoutTls_NotAnswered()
    {
        await using TestServer server = await TestServer.StartAsync(_authority.IssueForServer().ServerArguments);
        using InspectionClient client = InspectionClient.Connect(
            $"http://127.0.0.1:{server.Address.Port}", new InspectionClientOptions { Retry = Once });

        InspectionFailedException failure = await Assert.ThrowsAsync<InspectionFailedException>(() => client.ListModelsAsync());

        // Whichever the caller sees first: that the connection has ended, or bytes on it that are no HTTP/2.
        Assert.True(failure.StatusCode is StatusCode.Unavailable or StatusCode.Internal, failure.ToString());
        Assert.Empty(failure.Reason);
    }

    [Fact]
    public async Task Call_ClientAuthority_OnlyItsClientsAreAnswered()
    {
        using TestAuthority clients = new("Clients' Authority");
        using TestAuthority strangers = new("Clients' Authority");
        await using TestServer server = await TestServer.StartAsync(
            [.. _authority.IssueForServer().ServerArguments, "--client-ca", clients.CertificateFile]);
        InspectionClient With(IssuedCertificate? own) =>
            Connect(server, TlsOptions.FromFiles(_authority.CertificateFile, own?.Certificate, own?.Key));
        using InspectionClient known = With(clients.IssueForClient());
        using InspectionClient stranger = With(strangers.IssueForClient());
        using InspectionClient anonymous = With(null);
        using InspectionClient serverAsClient = With(clients.IssueForServer());

        Assert.NotEmpty((await known.ListModelsAsync()).Models);
        foreach (InspectionClient refused in new[] { stranger, anonymous, serverAsClient })
        {
            InspectionFailedException failure = await Assert.ThrowsAsync<InspectionFailedException>(() => refused.ListModelsAsync());
            Assert.True(failure.StatusCode == StatusCode.Unavailable, $"{failure} {(failure.InnerException as RpcException)?.Status.DebugException}");
        }
    }

    [Fact]
    public async Task Renewal_NewConnectionsGetTheNewCertificateAndOpenOnesGoOn()
    {
        using TestAuthority nextAuthority = new();
        IssuedCertificate first = _authority.IssueForServer();
        IssuedCertificate second = nextAuthority.IssueForServer("renewed");
        await using TestServer server = await TestServer.StartAsync(first.ServerArguments);
        using InspectionClient open = Connect(server, TlsOptions.FromFiles(_authority.CertificateFile));
        await open.ListModelsAsync();

        File.Copy(second.Certificate, first.Certificate, overwrite: true);
        Look(server);
        Assert.NotEmpty((await open.ListModelsAsync()).Models);
        File.Copy(second.Key, first.Key, overwrite: true);
        Look(server);

        using InspectionClient trustingTheOld = Connect(server, TlsOptions.FromFiles(_authority.CertificateFile));
        using InspectionClient trustingTheNew = Connect(server, TlsOptions.FromFiles(nextAuthority.CertificateFile));
        Assert.NotEmpty((await open.ListModelsAsync()).Models);
        Assert.NotEmpty((await trustingTheNew.ListModelsAsync()).Models);
        await Assert.ThrowsAsync<InspectionFailedException>(() => trustingTheOld.ListModelsAsync());
        Assert.Single(server.Log.Entries, entry => entry.EventId == 1701);
        Assert.Contains(server.Log.Entries, entry => entry.EventId == 1700 && entry.Message.Contains("CN=renewed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Renewal_BrokenFile_OldCertificateStaysAndOneLineSaysSo()
    {
        IssuedCertificate issued = _authority.IssueForServer();
        await using TestServer server = await TestServer.StartAsync(issued.ServerArguments);

        await File.WriteAllTextAsync(issued.Certificate, "half a certif");
        Look(server);
        Look(server);

        using InspectionClient client = Connect(server, TlsOptions.FromFiles(_authority.CertificateFile));
        Assert.NotEmpty((await client.ListModelsAsync()).Models);
        LogEntry line = Assert.Single(server.Log.Entries, entry => entry.Level == LogLevel.Warning && entry.EventId == 1701);
        Assert.Contains(issued.Certificate, line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Renewal_WithoutARestart_FoundByTheServerItself()
    {
        IssuedCertificate issued = _authority.IssueForServer();
        IssuedCertificate renewed = _authority.IssueForServer("renewed");
        await using TestServer server = await TestServer.StartAsync([.. issued.ServerArguments, "--file-watch-seconds", "1"]);

        File.Copy(renewed.Certificate, issued.Certificate, overwrite: true);
        File.Copy(renewed.Key, issued.Key, overwrite: true);

        await Eventually.TrueAsync(
            () => server.Log.Entries.Any(entry => entry.Message.Contains("CN=renewed", StringComparison.Ordinal)),
            () => "The renewed certificate was not read.");
    }

    [Fact]
    public async Task Start_KeyOfAnotherCertificate_FailsBeforeModelsAreLoaded()
    {
        string key = _authority.IssueForServer().Key;
        using ServerRun server = ServerRun.Start(
            "--address", "https://127.0.0.1:0", "--certificate", _authority.IssueForServer().Certificate, "--certificate-key", key, "--models", "/nowhere");

        (int exitCode, _, string error) = await server.EndAsync();

        Assert.Equal(((int)ExitCode.CredentialsUnusable, 1), (exitCode, error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length));
        Assert.StartsWith($"ymasknet: the private key in {key} is not that of the certificate in ", error, StringComparison.Ordinal);
    }

    private static InspectionClient Connect(TestServer server, TlsOptions tls) =>
        InspectionClient.Connect(server.Address, new InspectionClientOptions { Tls = tls, Retry = Once });

    private static void Look(TestServer server)
    {
        WatchedFiles<TlsIdentity> files = server.Part<WatchedFiles<TlsIdentity>>();
        files.Look();
        files.Look();
    }
}
