namespace YMaskNet.Client.Tests.Connections;

public class ServerTargetTests
{
    [Theory]
    [InlineData("http://127.0.0.1:5080", false, true)]
    [InlineData("http://localhost:5080/", false, true)]
    [InlineData("http://[::1]:5080", false, true)]
    [InlineData("http://line-3.plant:5080", false, false)]
    [InlineData("https://line-3.plant", true, false)]
    [InlineData("unix:///run/ymasknet/server.sock", false, true)]
    [InlineData("dns:///line-3.plant:5080", false, false)]
    public void Of_OneAddress_WhetherItIsEncryptedAndLeavesTheHost(string address, bool isEncrypted, bool isOnThisHost)
    {
        ServerTarget target = ServerTarget.Of([new Uri(address)], asksForTls: false);

        Assert.Equal((isEncrypted, isOnThisHost), (target.IsEncrypted, target.IsOnThisHost));
        Assert.Equal(address.StartsWith("dns", StringComparison.Ordinal), target.IsBalanced);
    }

    [Fact]
    public void Of_DnsWithTls_IsEncrypted() =>
        Assert.True(ServerTarget.Of([new Uri("dns:///line-3.plant:5443")], asksForTls: true).IsEncrypted);

    [Fact]
    public void Of_Several_AllOfThemInTurn()
    {
        ServerTarget target = ServerTarget.Of([new Uri("https://a.plant:5443"), new Uri("https://b.plant")], asksForTls: true);

        Assert.True(target.IsBalanced);
        Assert.True(target.IsEncrypted);
        Assert.Equal([("a.plant", 5443), ("b.plant", 443)], target.Servers.Select(server => (server.EndPoint.Host, server.EndPoint.Port)));
    }

    [Theory]
    [InlineData("ftp://line-3.plant:5080", "is no address of a server; write http://HOST:PORT")]
    [InlineData("http://line-3.plant:5080/models", "is more than the address")]
    [InlineData("http://me@line-3.plant:5080", "is more than the address")]
    [InlineData("dns:///", "is no address")]
    [InlineData("dns://8.8.8.8/line-3.plant:5080", "is no address")]
    [InlineData("unix:", "has no path")]
    public void Of_NoAddress_Refused(string address, string message)
    {
        FormatException error = Assert.Throws<FormatException>(() => ServerTarget.Of([new Uri(address)], asksForTls: false));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://a:1", "https://b:1", "do not go together")]
    [InlineData("http://a:1", "unix:/b.sock", "is no address")]
    [InlineData("dns:///a:1", "http://b:1", "is no address")]
    public void Of_SeveralThatDoNotGoTogether_Refused(string first, string second, string message)
    {
        FormatException error = Assert.Throws<FormatException>(() => ServerTarget.Of([new Uri(first), new Uri(second)], asksForTls: false));

        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("unix:/server.sock")]
    public void Of_TlsWhereThereIsNone_Refused(string address) =>
        Assert.Contains("TLS is asked for", Assert.Throws<ArgumentException>(() => ServerTarget.Of([new Uri(address)], asksForTls: true)).Message, StringComparison.Ordinal);

    [Fact]
    public void Connect_NoAddressAtAll_Refused() => Assert.Throws<ArgumentException>(() => InspectionClient.Connect([]));
}
