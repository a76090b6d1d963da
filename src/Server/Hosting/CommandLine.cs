using System.Text;

namespace YMaskNet.Server.Hosting;

/// <summary>Turns the command line into configuration; what it does not know is refused.</summary>
internal static class CommandLine
{
    /// <summary>
    /// Reads <c>--switch value</c> and <c>--switch=value</c>, where a switch is one of <see cref="ServerSettings"/> or
    /// a full configuration key such as <c>Logging:LogLevel:Default</c>.
    /// </summary>
    /// <exception cref="StartupException">A switch is unknown, or its value is missing.</exception>
    public static IReadOnlyDictionary<string, string?> Parse(IReadOnlyList<string> arguments)
    {
        Dictionary<string, string?> values = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < arguments.Count; i++)
        {
            string argument = arguments[i];
            if (!argument.StartsWith("--", StringComparison.Ordinal))
                throw Invalid($"'{argument}' is not an option; --help lists them");

            int equals = argument.IndexOf('=', StringComparison.Ordinal);
            string name = equals < 0 ? argument[2..] : argument[2..equals];
            string key = KeyOf(name);

            if (equals >= 0)
                values[key] = argument[(equals + 1)..];
            else if (i + 1 < arguments.Count)
                values[key] = arguments[++i];
            else
                throw Invalid($"--{name} needs a value");
        }

        return values;
    }

    /// <summary>Whether help is asked for.</summary>
    public static bool AsksForHelp(IEnumerable<string> arguments) => arguments.Any(a => a is "--help" or "-h" or "-?");

    /// <summary>What <c>--help</c> prints.</summary>
    public static string Help()
    {
        StringBuilder help = new();
        help.AppendLine("Serves defect inspection over gRPC.").AppendLine();
        foreach (ServerSetting setting in ServerSettings.All)
        {
            string standard = setting.Default.Length > 0 ? $" Default: {setting.Default}." : "";
            help.AppendLine($"  --{setting.Switch,-22} {setting.Description}{standard}");
        }

        return help
            .AppendLine()
            .AppendLine($"Each can also be set in appsettings.json or the environment, as {ServerSettings.Section}__KEY:")
            .AppendLine($"  {string.Join(", ", ServerSettings.All.Select(setting => setting.Key))}")
            .ToString();
    }

    private static string KeyOf(string name)
    {
        if (name.Contains(':', StringComparison.Ordinal))
            return name;

        ServerSetting? setting = ServerSettings.All.FirstOrDefault(s => s.Switch == name);
        return setting?.Path ?? throw Invalid($"--{name} is not an option; --help lists them");
    }

    private static StartupException Invalid(string message) => new(ExitCode.ConfigurationInvalid, message);
}
