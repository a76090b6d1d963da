using System.CommandLine;

namespace YMaskNet.Client.Tool.Commands;

/// <summary>The options that say where the server is, whom to believe and what to show; every command has them.</summary>
internal static class ConnectionOptions
{
    private static readonly Option<string?> Authorities = new("--ca")
    {
        Description = "PEM file of the authorities that an https server's certificate may come from. Default: the system's.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Certificate = new("--certificate")
    {
        Description = "Certificate to show to an https server that asks for one: PEM or PFX; a password is taken from the environment, "
            + $"{ServerConnection.PasswordVariable}.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Key = new("--certificate-key")
    {
        Description = "PEM file of the certificate's key. Default: in the certificate's file.",
        HelpName = "FILE",
    };

    private static readonly Option<string?> Token = new("--token-file")
    {
        Description = $"File with the token to send. Default: the environment's {ServerConnection.TokenVariable}, or none.",
        HelpName = "FILE",
    };

    /// <summary>Adds them to a command.</summary>
    public static void AddTo(Command command)
    {
        command.Add(ServerOption.Instance);
        command.Add(Authorities);
        command.Add(Certificate);
        command.Add(Key);
        command.Add(Token);
    }

    /// <summary>What was typed.</summary>
    public static ServerConnection Read(ParseResult parsed) => new(
        parsed.GetValue(ServerOption.Instance)!,
        parsed.GetValue(Authorities),
        parsed.GetValue(Certificate),
        parsed.GetValue(Key),
        parsed.GetValue(Token));
}
