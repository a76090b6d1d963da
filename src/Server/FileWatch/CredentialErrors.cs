using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.FileWatch;

/// <summary>What is wrong with the files of certificates, keys and tokens.</summary>
internal static class CredentialErrors
{
    /// <summary>A file that can't be used.</summary>
    /// <param name="message">One line that names the file and says what is wrong.</param>
    public static StartupException Unusable(string message) => new(ExitCode.CredentialsUnusable, message);
}
