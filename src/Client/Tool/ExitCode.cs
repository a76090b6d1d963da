namespace YMaskNet.Client.Tool;

/// <summary>What the tool tells the shell.</summary>
internal static class ExitCode
{
    public const int Success = 0;

    /// <summary>At least one image failed, or an answer could not be written.</summary>
    public const int Failed = 1;

    /// <summary>The command line asks for something that can't be.</summary>
    public const int Usage = 2;

    /// <summary>There is no server, or it went away.</summary>
    public const int ServerUnreachable = 3;

    /// <summary>Interrupted from the keyboard, as shells count it.</summary>
    public const int Interrupted = 130;
}
