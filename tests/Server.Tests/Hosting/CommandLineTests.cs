using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.Tests.Hosting;

public sealed class CommandLineTests
{
    [Fact]
    public void Parse_SwitchesInBothForms_ConfigurationKeys()
    {
        IReadOnlyDictionary<string, string?> values =
            CommandLine.Parse(["--address", "http://127.0.0.1:1", "--models=a=b", "--Logging:LogLevel:Default", "Debug"]);

        Assert.Equal(
            [("Logging:LogLevel:Default", "Debug"), ("YMaskNet:Address", "http://127.0.0.1:1"), ("YMaskNet:ModelsDirectory", "a=b")],
            values.Select(pair => (pair.Key, pair.Value)).Order());
    }

    [Theory]
    [InlineData("--lane")]
    [InlineData("lanes")]
    [InlineData("-lanes")]
    [InlineData("--lanes")]
    public void Parse_UnknownOrIncomplete_Refused(string argument)
    {
        StartupException error = Assert.Throws<StartupException>(() => CommandLine.Parse([argument]));

        Assert.Equal(ExitCode.ConfigurationInvalid, error.ExitCode);
        Assert.Contains(argument, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Help_NamesEverySwitchAndKey()
    {
        string help = CommandLine.Help();

        Assert.All(
            ServerSettings.All.Where(setting => !setting.IsSecret),
            setting => Assert.Contains($"--{setting.Switch} ", help, StringComparison.Ordinal));
        Assert.All(ServerSettings.All, setting => Assert.Contains(setting.Key, help, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--")]
    [InlineData("--YMaskNet:CertificatePassword")]
    [InlineData("--ymasknet:certificatepassword")]
    public void Parse_Secret_RefusedAndNotRepeated(string name)
    {
        StartupException error = Assert.Throws<StartupException>(() => CommandLine.Parse([$"{name}=horse"]));

        Assert.Equal(ExitCode.ConfigurationInvalid, error.ExitCode);
        Assert.DoesNotContain("horse", error.Message, StringComparison.Ordinal);
        if (name.Length > 2)
            Assert.Contains("set YMaskNet__CertificatePassword in the environment", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Build_CommandLine_WinsOverDefaults()
    {
        HostingSetup.CreateBuilder(["--lanes", "3"], out ServerOptions options);

        Assert.Equal(3, options.Lanes);
    }
}
