using System.CommandLine;

namespace YMaskNet.Client.Tool.Commands;

/// <summary><c>--server</c>, which every command has.</summary>
internal static class ServerOption
{
    private const string Default = "http://127.0.0.1:5080";

    public static Option<Uri> Instance { get; } = new("--server")
    {
        Description = "Address of the server, http or https; on this host also unix:///PATH or unix:PATH.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri(Default),
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            try
            {
                if (TryParse(text) is { } address)
                    return address;
                result.AddError($"--server takes an address such as {Default}, not '{text}'.");
            }
            catch (FormatException exception)
            {
                result.AddError($"--server: {exception.Message}");
            }

            return null;
        },
    };

    /// <summary>
    /// Reads <c>http://host:port</c>, <c>https://host:port</c>, or <c>host:port</c>, which means http; <c>unix:///path</c> or
    /// <c>unix:path</c>.
    /// </summary>
    /// <exception cref="FormatException">It is of a Unix socket, and can't be one; the message says why.</exception>
    public static Uri? TryParse(string text)
    {
        if (text.StartsWith("unix:", StringComparison.Ordinal) && Uri.TryCreate(text, UriKind.Absolute, out Uri? socket))
        {
            UnixSocketAddress.Parse(socket);
            return socket;
        }

        string withScheme = text.Contains("://", StringComparison.Ordinal) ? text : $"http://{text}";
        return Uri.TryCreate(withScheme, UriKind.Absolute, out Uri? address)
            && address.Scheme is "http" or "https"
            && address.Host.Length > 0
                ? address
                : null;
    }
}
