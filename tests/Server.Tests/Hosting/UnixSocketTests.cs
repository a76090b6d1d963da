using System.Diagnostics;
using System.Net.Sockets;
using YMaskNet.Client;
using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.Tests.Hosting;

public sealed class UnixSocketTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string Path => System.IO.Path.Combine(_folder.Path, "server.sock");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Start_BesideTcp_BothServeTheSame()
    {
        await using TestServer server = await TestServer.StartAsync("--unix-socket", Path);
        using InspectionClient local = InspectionClient.Connect($"unix://{Path}");

        Wire.DetectResponse overTcp = await server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png });
        Wire.DetectResponse overSocket = await local.DetectAsync(ImageInput.FromBytes(Boards.PngFile));

        FoundBlobs.Check(overSocket.Defects);
        Assert.Equal(overTcp.Defects, overSocket.Defects);
    }

    [Theory]
    [InlineData("user", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("group", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)]
    public async Task Start_Access_IsTheFilesMode(string access, UnixFileMode mode)
    {
        await using TestServer server = await TestServer.StartAsync("--unix-socket", Path, "--unix-socket-access", access);

        if (!OperatingSystem.IsWindows())
            Assert.Equal(mode, File.GetUnixFileMode(Path));
    }

    [Fact]
    public async Task Stop_TheFileIsGone()
    {
        await using (TestServer server = await TestServer.StartAsync("--unix-socket", Path))
        {
            Assert.True(File.Exists(Path));
            await server.StopAsync();
        }

        Assert.False(File.Exists(Path));
    }

    [Fact]
    public async Task Start_SocketOfADeadServer_Replaced()
    {
        await LeaveDeadSocketAsync();
        Assert.True(File.Exists(Path));

        await using TestServer server = await TestServer.StartAsync("--unix-socket", Path);

        using InspectionClient client = InspectionClient.Connect($"unix:{Path}");
        FoundBlobs.Check((await client.DetectAsync(ImageInput.FromBytes(Boards.PngFile))).Defects);
    }

    [Fact]
    public async Task Start_SocketOfALiveServer_RefusedAndLeftAlone()
    {
        await using TestServer live = await TestServer.StartAsync("--unix-socket", Path);

        StartupException error = await Assert.ThrowsAsync<StartupException>(
            () => TestServer.StartAsync("--unix-socket", Path));

        Assert.Equal(ExitCode.AddressUnavailable, error.ExitCode);
        Assert.Equal($"unix:{Path} is in use by another program; choose another with --unix-socket", error.Message);
        using InspectionClient client = InspectionClient.Connect($"unix:{Path}");
        FoundBlobs.Check((await client.DetectAsync(ImageInput.FromBytes(Boards.PngFile))).Defects);
    }

    [Fact]
    public async Task Start_SomethingElseAtThePath_RefusedAndLeftAlone()
    {
        await File.WriteAllTextAsync(Path, "precious");

        StartupException error = await Assert.ThrowsAsync<StartupException>(
            () => TestServer.StartAsync("--unix-socket", Path));

        Assert.Equal($"{Path} is there and is not a socket; choose another path with --unix-socket", error.Message);
        Assert.Equal("precious", await File.ReadAllTextAsync(Path));
    }

    [Fact]
    public async Task Start_FolderAtThePath_Refused()
    {
        Directory.CreateDirectory(Path);

        await Assert.ThrowsAsync<StartupException>(() => TestServer.StartAsync("--unix-socket", Path));

        Assert.True(Directory.Exists(Path));
    }

    [Fact]
    public async Task Run_UnixSocket_ReadyLineNamesItAndSigtermRemovesIt()
    {
        using TemporaryFolder models = new();
        TestModels.WriteYMaskNet(models.Path);
        using ServerRun server = ServerRun.Start(
            "--models", models.Path, "--address", "http://127.0.0.1:0", "--unix-socket", Path, "--Logging:Console:LogLevel:Default=None");

        string ready = await server.ReadLineAsync();
        using Process kill = Process.Start("kill", ["-TERM", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        (int exitCode, _, string error) = await server.EndAsync();

        Assert.EndsWith($", unix:{Path}", ready, StringComparison.Ordinal);
        Assert.Equal((0, ""), (exitCode, error));
        Assert.False(File.Exists(Path));
    }

    // A socket that is closed removes its file; one of a killed process does not, so put the file back.
    private async Task LeaveDeadSocketAsync()
    {
        string aside = Path + ".aside";
        using (Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(Path));
            socket.Listen();
            using Process link = Process.Start("ln", [Path, aside]);
            await link.WaitForExitAsync();
        }

        File.Move(aside, Path);
    }
}
