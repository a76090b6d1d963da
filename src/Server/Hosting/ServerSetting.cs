namespace YMaskNet.Server.Hosting;

/// <summary>One value that an operator can set.</summary>
/// <param name="Key">Key in the configuration section <see cref="ServerSettings.Section"/>.</param>
/// <param name="Switch">
/// Name on the command line, without its dashes; empty for a secret, which does not belong there: everybody on the machine can
/// see command lines.
/// </param>
/// <param name="Default">What holds when it is not set.</param>
/// <param name="Description">Meaning, unit and range, for <c>--help</c>.</param>
internal sealed record ServerSetting(string Key, string Switch, string Default, string Description)
{
    /// <summary>Whether it must not stand on a command line.</summary>
    public bool IsSecret => Switch.Length == 0;

    /// <summary>The full configuration key.</summary>
    public string Path => $"{ServerSettings.Section}:{Key}";

    /// <summary>The variable in the environment.</summary>
    public string Variable => $"{ServerSettings.Section}__{Key}";
}
