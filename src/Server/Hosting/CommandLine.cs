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
        foreach (ServerSetting setting in ServerSettings.All.Where(setting => !setting.IsSecret))
        {
            string standard = setting.Default.Length > 0 ? $" Default: {setting.Default}." : "";
            help.AppendLine($"  --{setting.Switch,-22} {setting.Description}{standard}");
        }

        return help
            .AppendLine()
            .AppendLine($"Each can also be set in appsettings.json or the environment, as {ServerSettings.Section}__KEY:")
            .AppendLine($"  {string.Join(", ", ServerSettings.All.Where(setting => !setting.IsSecret).Select(setting => setting.Key))}")
            .AppendLine()
            .AppendLine("Only there, since everybody on the machine can see command lines:")
            .AppendLine(string.Join('\n', ServerSettings.All.Where(setting => setting.IsSecret).Select(setting => $"  {setting.Variable,-24} {setting.Description}")))
            .ToString();
    }

    private static string KeyOf(string name)
    {
        ServerSetting? setting = ServerSettings.All.FirstOrDefault(
            s => s.Path.Equals(name, StringComparison.OrdinalIgnoreCase) || (s.Switch == name && !s.IsSecret));
        if (setting is { IsSecret: true })
            throw Invalid($"--{name} would show a secret to everybody on the machine; set {setting.Variable} in the environment");
        if (name.Contains(':', StringComparison.Ordinal))
            return name;

        return setting?.Path ?? throw Invalid($"--{name} is not an option; --help lists them");
    }

    private static StartupException Invalid(string message) => new(ExitCode.ConfigurationInvalid, message);
}
