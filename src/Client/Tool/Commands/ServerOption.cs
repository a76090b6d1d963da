using System.CommandLine;

namespace YMaskNet.Client.Tool.Commands;

/// <summary><c>--server</c>, which every command has.</summary>
internal static class ServerOption
{
    private const string Default = "http://127.0.0.1:5080";

    public static Option<Uri> Instance { get; } = new("--server")
    {
        Description = "Address of the server.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri(Default),
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (TryParse(text) is { } address)
                return address;

            result.AddError($"--server takes an address such as {Default}, not '{text}'.");
            return null;
        },
    };

    /// <summary>Reads <c>http://host:port</c>, <c>https://host:port</c>, or <c>host:port</c>, which means http.</summary>
    public static Uri? TryParse(string text)
    {
        string withScheme = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(withScheme, UriKind.Absolute, out Uri? address)
            && address.Scheme is "http" or "https"
            && address.Host.Length > 0
                ? address
                : null;
    }
}
