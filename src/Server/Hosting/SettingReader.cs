using System.Globalization;
using System.Numerics;
using YMaskNet.Inference;

namespace YMaskNet.Server.Hosting;

/// <summary>Reads settings' values; what is not as it must be is refused with the setting's path and range.</summary>
/// <param name="section">The server's section of the configuration.</param>
internal readonly struct SettingReader(IConfiguration section)
{
    /// <summary>How a value by model is written.</summary>
    public const string PerModelForm = "N for all models, or N,NAME=N,... with other values for some";

    /// <summary>A setting as it stands, or its default.</summary>
    public string Text(ServerSetting setting) => section[setting.Key] ?? setting.Default;

    /// <summary>A whole number.</summary>
    /// <exception cref="StartupException">It is none, or out of range.</exception>
    public T WholeNumber<T>(ServerSetting setting, T min, T max)
        where T : struct, IBinaryInteger<T> =>
        Parse(Text(setting), min, max) ?? throw OutOfRange(setting, $"a whole number from {min} to {max}");

    /// <summary>Whole numbers by model.</summary>
    /// <exception cref="StartupException">One is none, or out of range.</exception>
    public PerModel<int> WholeNumbers(ServerSetting setting, int min, int max) =>
        PerModel(setting, text => Parse(text, min, max), $"{PerModelForm}, each N a whole number from {min} to {max}");

    /// <summary>Values by model.</summary>
    /// <param name="setting">The setting.</param>
    /// <param name="parse">Reads one value; <see langword="null"/> where it is none.</param>
    /// <param name="form">What the setting must be.</param>
    /// <exception cref="StartupException">It is not.</exception>
    public PerModel<T> PerModel<T>(ServerSetting setting, Func<string, T?> parse, string form)
        where T : struct
    {
        string[] parts = Text(setting).Split(',');
        PerModel<T> values = new(parse(parts[0]) ?? throw OutOfRange(setting, form));
        foreach (string part in parts.Skip(1))
        {
            string[] sides = part.Split('=');
            if (sides.Length != 2 || sides[0].Length == 0 || values.Own.ContainsKey(sides[0]))
                throw OutOfRange(setting, form);
            values = values.With(sides[0], parse(sides[1]) ?? throw OutOfRange(setting, form));
        }

        return values;
    }

    /// <summary>Why a setting is refused.</summary>
    public StartupException OutOfRange(ServerSetting setting, string range) =>
        Invalid($"{setting.Path} is '{Text(setting)}'; it must be {range}");

    /// <summary>A refusal of the configuration.</summary>
    public static StartupException Invalid(string message) => new(ExitCode.ConfigurationInvalid, message);

    private static T? Parse<T>(string text, T min, T max)
        where T : struct, IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T value) && value >= min && value <= max
            ? value
            : null;
}
