using System.Security.Cryptography;

namespace YMaskNet.Client.Tool.Commands;

/// <summary>Which server to talk to, and how.</summary>
/// <param name="Server">Its address.</param>
/// <param name="AuthoritiesFile">PEM; <see langword="null"/>: the system's authorities.</param>
/// <param name="CertificateFile">The tool's own certificate, PEM or PFX; <see langword="null"/>: none.</param>
/// <param name="KeyFile">Its key, PEM; <see langword="null"/>: in the certificate's file.</param>
/// <param name="TokenFile">Holds the token alone; <see langword="null"/>: the environment gives it, or there is none.</param>
internal sealed record ServerConnection(Uri Server, string? AuthoritiesFile, string? CertificateFile, string? KeyFile, string? TokenFile)
{
    /// <summary>The variable that holds the token where no file does.</summary>
    public const string TokenVariable = "YMASKNET_TOKEN";

    /// <summary>The variable that holds the password of the certificate's key or file.</summary>
    public const string PasswordVariable = "YMASKNET_CERTIFICATE_PASSWORD";

    /// <summary>A client of the server.</summary>
    /// <param name="callTimeout">What a call may take; <see langword="null"/>: forever.</param>
    /// <exception cref="UsageException">The files, the token and the address do not go together, or a file is not what it should be.</exception>
    /// <exception cref="IOException">A file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public InspectionClient Open(TimeSpan? callTimeout = null)
    {
        try
        {
            return InspectionClient.Connect(
                Server, new InspectionClientOptions { CallTimeout = callTimeout, Tls = ReadTls(), Token = ReadToken() });
        }
        catch (Exception exception) when (exception is ArgumentException or FormatException or CryptographicException)
        {
            throw new UsageException(exception.Message);
        }
    }

    private TlsOptions? ReadTls()
    {
        if (KeyFile is not null && CertificateFile is null)
            throw new UsageException("--certificate-key needs the certificate; name it with --certificate.");
        return AuthoritiesFile is null && CertificateFile is null
            ? null
            : TlsOptions.FromFiles(
                AuthoritiesFile,
                CertificateFile,
                KeyFile,
                CertificateFile is null ? null : Environment.GetEnvironmentVariable(PasswordVariable));
    }

    private string? ReadToken()
    {
        if (TokenFile is not null)
            return File.ReadAllText(TokenFile).Trim();
        return Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token ? token : null;
    }
}
