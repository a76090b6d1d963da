using Microsoft.Extensions.Configuration;
using YMaskNet.Inference;
using YMaskNet.Server.Hosting;
using YMaskNet.Server.Tls;

namespace YMaskNet.Server.Tests.Hosting;

public sealed class ServerSettingsTests
{
    [Fact]
    public void Read_NothingSet_Defaults()
    {
        ServerOptions options = Read();

        Assert.Equal("http://127.0.0.1:5080", options.Address.ToString());
        Assert.Equal("models", options.ModelsDirectory);
        Assert.Null(options.DefaultModel);
        Assert.Equal(DeviceChoice.Auto, options.Device);
        Assert.Equal((0, 0, 64), (options.Lanes, options.IntraOpThreads, options.QueueCapacity));
        Assert.Equal(PrecisionChoice.Auto, options.Precision.Of("any"));
        Assert.Equal((65_535, 268_435_456), (options.MaxImageSide, options.MaxImagePixels));
        Assert.Equal((64 << 20, 64 << 20), (options.MaxRequestBytes, options.MaxResponseBytes));
        Assert.Equal((2, 256 << 20), (options.MaxBoards, options.MaxBoardFileBytes));
        Assert.False(options.CompressResponses);
        Assert.Equal(TimeSpan.FromSeconds(30), options.ShutdownTimeout);
        Assert.Null(options.UnixSocket);
        Assert.Null(options.Tls);
        Assert.Null(options.TokensFile);
        Assert.Equal(TimeSpan.FromSeconds(10), options.FileWatchInterval);
        Assert.Equal((0L, TimeSpan.FromSeconds(60)), (options.SharedMemoryBytes, options.SharedMemoryIdleLimit));
    }

    [Fact]
    public void Default_EverySetting_IsWhatHoldsWhenItIsNotSet()
    {
        (string, string)[] spelledOut = [.. ServerSettings.All.Select(setting => (setting.Key, setting.Default))];

        Assert.Equal(Read(), Read(spelledOut));
    }

    [Theory]
    [InlineData("Device", "", "auto, cpu or cuda:N")]
    [InlineData("Device", "gpu", "auto, cpu or cuda:N")]
    [InlineData("Device", "cuda", "auto, cpu or cuda:N")]
    [InlineData("Device", "cuda:-1", "auto, cpu or cuda:N")]
    [InlineData("Device", "cuda:first", "auto, cpu or cuda:N")]
    [InlineData("Lanes", "-1", "0 to 64")]
    [InlineData("Lanes", "65", "0 to 64")]
    [InlineData("Lanes", "two", "0 to 64")]
    [InlineData("Lanes", "", "0 to 64")]
    [InlineData("IntraOpThreads", "-1", "0 to 256")]
    [InlineData("Precision", "fp16", "auto, fp32 or int8")]
    [InlineData("Precision", "", "auto, fp32 or int8")]
    [InlineData("Precision", "auto,a=fp16", "auto, fp32 or int8")]
    [InlineData("QueueCapacity", "0", "1 to 4096")]
    [InlineData("MaxBatch", "0", "1 to 64")]
    [InlineData("MaxBatch", "1,", "N,NAME=N")]
    [InlineData("MaxBatch", "a=1", "N,NAME=N")]
    [InlineData("MaxBatch", "1,a=2,a=3", "N,NAME=N")]
    [InlineData("MaxBatch", "1,a=65", "1 to 64")]
    [InlineData("MaxBatchDelayMs", "1001", "0 to 1000")]
    [InlineData("SessionFrames", "0", "1 to 256")]
    [InlineData("CudaGraphs", "perhaps", "on or off")]
    [InlineData("MaxImageSide", "65536", "1 to 65535")]
    [InlineData("MaxImagePixels", "0", "1 to 1073741824")]
    [InlineData("MaxRequestBytes", "4095", "4096 to 1073741824")]
    [InlineData("MaxResponseBytes", "9999999999", "4096 to 1073741824")]
    [InlineData("MaxBoards", "0", "1 to 64")]
    [InlineData("BoardIdleSeconds", "0", "1 to 86400")]
    [InlineData("MaxBoardFileBytes", "4095", "4096 to 1073741824")]
    [InlineData("ResponseCompression", "zip", "none or gzip")]
    [InlineData("ShutdownSeconds", "1.5", "1 to 3600")]
    [InlineData("UnixSocketAccess", "everyone", "user or group")]
    [InlineData("SharedMemoryBytes", "-1", "0 to 1099511627776")]
    [InlineData("SharedMemoryBytes", "1099511627777", "0 to 1099511627776")]
    [InlineData("SharedMemoryIdleSeconds", "0", "1 to 86400")]
    [InlineData("ModelsDirectory", "", "folder")]
    [InlineData("Address", "127.0.0.1:5080", "http://HOST:PORT")]
    [InlineData("Address", "ftp://127.0.0.1:5080", "http://HOST:PORT")]
    [InlineData("Address", "https://example.org:5080", "https://HOST:PORT")]
    [InlineData("FileWatchSeconds", "0", "1 to 86400")]
    [InlineData("Address", "http://example.org:5080", "http://HOST:PORT")]
    [InlineData("Address", "http://127.0.0.1:5080/path", "http://HOST:PORT")]
    [InlineData("Address", "http://127.0.0.1:99999", "http://HOST:PORT")]
    [InlineData("Address", "http://localhost:0", "http://HOST:PORT")]
    public void Read_ValueOutOfRange_MessageNamesKeyValueAndRange(string key, string value, string range)
    {
        StartupException error = Assert.Throws<StartupException>(() => Read((key, value)));

        Assert.Equal(ExitCode.ConfigurationInvalid, error.ExitCode);
        Assert.Contains($"YMaskNet:{key} is '{value}'", error.Message, StringComparison.Ordinal);
        Assert.Contains(range, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ValuesByModel_OthersHaveTheFirst()
    {
        ServerOptions options = Read(("MaxBatch", "1,board=4,tile=8"), ("MaxBatchDelayMs", "0,board=5"), ("Precision", "fp32,board=int8"));

        Assert.Equal((1, 4, 8), (options.MaxBatch.Of("other"), options.MaxBatch.Of("board"), options.MaxBatch.Of("tile")));
        Assert.Equal(TimeSpan.FromMilliseconds(5), options.MaxBatchDelay.Of("board"));
        Assert.Equal(TimeSpan.Zero, options.MaxBatchDelay.Of("tile"));
        Assert.Equal((PrecisionChoice.Fp32, PrecisionChoice.Int8), (options.Precision.Of("other"), options.Precision.Of("board")));
    }

    [Fact]
    public void Read_UnknownKey_Refused()
    {
        StartupException error = Assert.Throws<StartupException>(() => Read(("Lane", "2")));

        Assert.Contains("YMaskNet:Lane is not a setting", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://0.0.0.0:80", "http://0.0.0.0:80")]
    [InlineData("http://[::1]:5080", "http://[::1]:5080")]
    [InlineData("http://localhost:5080/", "http://localhost:5080")]
    public void Read_Address_IpAddressOrLocalhost(string address, string expected) =>
        Assert.Equal(expected, Read(("Address", address)).Address.ToString());

    [Fact]
    public void Read_Https_FullPathsOfItsFiles()
    {
        ServerOptions options = Read(
            ("Address", "https://0.0.0.0:5443"), ("Certificate", "server.pem"), ("CertificateKey", "server.key"),
            ("CertificatePassword", "secret"), ("ClientCa", "clients.pem"), ("Tokens", "tokens"));

        Assert.Equal("https://0.0.0.0:5443", options.Address.ToString());
        Assert.Equal(
            new TlsFiles(Path.GetFullPath("server.pem"), Path.GetFullPath("server.key"), "secret", Path.GetFullPath("clients.pem")), options.Tls);
        Assert.Equal(Path.GetFullPath("tokens"), options.TokensFile);
        Assert.DoesNotContain("secret", options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://127.0.0.1:5080", "", "", "YMaskNet:Address is https://127.0.0.1:5080, which needs a certificate; name its file with --certificate")]
    [InlineData("http://127.0.0.1:5080", "Certificate", "a.pem", "YMaskNet:Certificate is set, but YMaskNet:Address is http://127.0.0.1:5080; write https")]
    [InlineData("http://127.0.0.1:5080", "CertificateKey", "a.key", "YMaskNet:CertificateKey is set, but YMaskNet:Certificate is not")]
    [InlineData("http://127.0.0.1:5080", "CertificatePassword", "secret", "YMaskNet:CertificatePassword is set, but YMaskNet:Certificate is not")]
    [InlineData("http://127.0.0.1:5080", "ClientCa", "a.pem", "YMaskNet:ClientCa is set, but YMaskNet:Certificate is not")]
    [InlineData("http://0.0.0.0:5080", "Tokens", "tokens", "YMaskNet:Tokens is set, but YMaskNet:Address is http://0.0.0.0:5080, where everybody")]
    public void Read_CredentialsThatContradictTheAddress_Refused(string address, string key, string value, string message)
    {
        StartupException error = Assert.Throws<StartupException>(
            () => key.Length == 0 ? Read(("Address", address)) : Read(("Address", address), (key, value)));

        Assert.Equal(ExitCode.ConfigurationInvalid, error.ExitCode);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://127.0.0.1:5080")]
    [InlineData("http://[::1]:5080")]
    [InlineData("http://localhost:5080")]
    public void Read_TokensOnALoopbackAddress_Accepted(string address) =>
        Assert.Equal(Path.GetFullPath("tokens"), Read(("Address", address), ("Tokens", "tokens")).TokensFile);

    [Theory]
    [InlineData("user", UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [InlineData("group", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite)]
    public void Read_UnixSocket_FullPathAndMode(string access, UnixFileMode mode)
    {
        UnixSocketAddress? address = Read(("UnixSocket", "ymasknet.sock"), ("UnixSocketAccess", access)).UnixSocket;

        Assert.Equal(new UnixSocketAddress(Path.GetFullPath("ymasknet.sock"), mode), address);
    }

    [Fact]
    public void Read_UnixSocketPathOfTheSystemsLimit_AcceptedAndOneByteMoreRefused()
    {
        string longest = "/tmp/" + new string('s', UnixSocketAddress.MaxPathBytes - 5);

        Assert.Equal(longest, Read(("UnixSocket", longest)).UnixSocket?.Path);
        StartupException error = Assert.Throws<StartupException>(() => Read(("UnixSocket", longest + "s")));

        Assert.Contains("has 108 bytes; the system takes at most 107", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_UnixSocketWithoutItsFolder_Refused()
    {
        StartupException error = Assert.Throws<StartupException>(() => Read(("UnixSocket", "/tmp/no-such-folder/y.sock")));

        Assert.Contains("no folder for the Unix socket /tmp/no-such-folder/y.sock", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Read_SharedMemoryWithoutUnixSocket_Refused()
    {
        StartupException error = Assert.Throws<StartupException>(() => Read(("SharedMemoryBytes", "4096")));

        Assert.Contains("YMaskNet:SharedMemoryBytes is 4096", error.Message, StringComparison.Ordinal);
        Assert.Contains("--unix-socket", error.Message, StringComparison.Ordinal);
    }

    private static ServerOptions Read(params (string Key, string Value)[] values) =>
        ServerSettings.Read(new ConfigurationBuilder()
            .AddInMemoryCollection(values.Select(pair => KeyValuePair.Create<string, string?>($"YMaskNet:{pair.Key}", pair.Value)))
            .Build());
}
