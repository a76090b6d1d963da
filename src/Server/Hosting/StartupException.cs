namespace YMaskNet.Server.Hosting;

/// <summary>The server can't start, for a reason that its operator can mend.</summary>
/// <param name="exitCode">What the process exits with.</param>
/// <param name="message">One line: what is wrong and what would be right.</param>
internal sealed class StartupException(ExitCode exitCode, string message) : Exception(message)
{
    public ExitCode ExitCode { get; } = exitCode;
}
