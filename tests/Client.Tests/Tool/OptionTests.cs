using YMaskNet.Client.Tool.Commands;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Tool;

public class OptionTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", "http://127.0.0.1:5080/")]
    [InlineData("https://line-3.plant:443", "https://line-3.plant/")]
    [InlineData("line-3:5080", "http://line-3:5080/")]
    [InlineData("[::1]:5080", "http://[::1]:5080/")]
    public void Server_Address_IsRead(string text, string expected) =>
        Assert.Equal(expected, ServerOption.TryParse(text)?.AbsoluteUri);

    [Theory]
    [InlineData("unix:///run/ymasknet.sock", "/run/ymasknet.sock")]
    [InlineData("unix:/run/ymasknet.sock", "/run/ymasknet.sock")]
    [InlineData("unix:sockets/y.sock", "sockets/y.sock")]
    [InlineData("unix:./a b%20c?d#e", "./a b%20c?d#e")]
    public void Server_UnixSocket_PathAsWritten(string text, string path)
    {
        Uri address = ServerOption.TryParse(text)!;

        Assert.True(UnixSocketAddress.IsUnixSocket(address));
        Assert.Equal(path, UnixSocketAddress.Parse(address).ToString());
    }

    [Theory]
    [InlineData("unix://run/ymasknet.sock", "names a host")]
    [InlineData("unix:", "has no path")]
    [InlineData("unix://", "names a host")]
    public void Server_UnixSocketThatCantBe_SaysWhy(string text, string why)
    {
        FormatException error = Assert.Throws<FormatException>(() => ServerOption.TryParse(text));

        Assert.Contains(why, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Server_UnixSocketPathTooLong_SaysHowLongItMayBe()
    {
        FormatException error = Assert.Throws<FormatException>(() => ServerOption.TryParse("unix:///" + new string('p', 107)));

        Assert.Contains("has 108 bytes; a Unix socket's has at most 107", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Inspect_UnixSocketWithoutServer_SaysSoAndExitCode3()
    {
        ToolRun run = await ToolRun.RunAsync("models", "--server", "unix:///tmp/no-such-ymasknet.sock");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("server at unix:///tmp/no-such-ymasknet.sock is not reachable", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ftp://host")]
    [InlineData("http://")]
    [InlineData("")]
    [InlineData("two words")]
    public void Server_NoAddress_IsRefused(string text) => Assert.Null(ServerOption.TryParse(text));

    [Fact]
    public void Roi_WithClass_IsRead()
    {
        RegionOfInterest roi = RoiOption.TryParse("1.5, 2, 3, 4, pin-hole")!;

        Assert.Equal(new Box { X = 1.5f, Y = 2, Width = 3, Height = 4 }, roi.Box);
        Assert.Equal("pin-hole", roi.ClassName);
    }

    [Theory]
    [InlineData("1,2,3")]
    [InlineData("1,2,3,0")]
    [InlineData("1,2,-3,4")]
    [InlineData("1,2,NaN,4")]
    [InlineData("1,2,3,4,")]
    [InlineData("a,b,c,d")]
    public void Roi_NoBox_IsRefused(string text) => Assert.Null(RoiOption.TryParse(text));
}
