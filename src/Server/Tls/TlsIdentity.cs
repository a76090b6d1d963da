using System.Globalization;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using YMaskNet.Server.FileWatch;

namespace YMaskNet.Server.Tls;

/// <summary>What the server shows to callers over TLS, and whom it asks to show something in turn.</summary>
internal sealed class TlsIdentity
{
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";
    private const string AnyUsage = "2.5.29.37.0";

    private readonly X509Certificate2 _certificate;
    private readonly SslStreamCertificateContext _context;
    private readonly X509Certificate2Collection? _clientAuthorities;

    private TlsIdentity(X509Certificate2 certificate, X509Certificate2Collection intermediates, X509Certificate2Collection? clientAuthorities)
    {
        _certificate = certificate;
        _clientAuthorities = clientAuthorities;

        // Offline: a start must not wait for somebody else's server.
        _context = SslStreamCertificateContext.Create(certificate, intermediates, offline: true);
    }

    /// <summary>Reads the files.</summary>
    /// <param name="files">Which they are.</param>
    /// <param name="snapshot">What they hold.</param>
    /// <param name="now">Whether a certificate has expired is judged by this.</param>
    /// <exception cref="Hosting.StartupException">They can't be used; the message names the one at fault.</exception>
    public static TlsIdentity Read(TlsFiles files, FileSnapshot snapshot, DateTimeOffset now)
    {
        // Those of an identity that was replaced may still be in a handshake: none is ever disposed of.
        (X509Certificate2 certificate, X509Certificate2Collection intermediates) = CertificateFile.Read(files, snapshot);
        Check(certificate, files.Certificate, now.UtcDateTime);
        X509Certificate2Collection? clientAuthorities =
            files.ClientAuthorities is { } path ? CertificateFile.ReadAuthorities(path, snapshot) : null;
        return new TlsIdentity(certificate, intermediates, clientAuthorities);
    }

    /// <summary>The server's side of one handshake.</summary>
    public SslServerAuthenticationOptions CreateHandshake()
    {
        SslServerAuthenticationOptions handshake = new()
        {
            ServerCertificateContext = _context,
            ApplicationProtocols = [SslApplicationProtocol.Http2],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            ClientCertificateRequired = _clientAuthorities is not null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
        if (_clientAuthorities is not null)
        {
            handshake.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,

                // Whoever may call is in the file; nothing is fetched because a stranger's certificate says so.
                DisableCertificateDownloads = true,
            };
            handshake.CertificateChainPolicy.CustomTrustStore.AddRange(_clientAuthorities);
        }

        return handshake;
    }

    /// <summary>What is in use, for the log.</summary>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"the certificate of {_certificate.Subject}, valid until {_certificate.NotAfter.ToUniversalTime():u}{(_clientAuthorities is not null ? ", for callers with certificates of their own" : "")}");

    private static void Check(X509Certificate2 certificate, string path, DateTime now)
    {
        DateTime first = certificate.NotBefore.ToUniversalTime();
        DateTime last = certificate.NotAfter.ToUniversalTime();
        if (now > last)
            throw CredentialErrors.Unusable(string.Create(CultureInfo.InvariantCulture, $"the certificate in {path} expired at {last:u}"));
        if (now < first)
            throw CredentialErrors.Unusable(string.Create(CultureInfo.InvariantCulture, $"the certificate in {path} is valid from {first:u} on only"));

        X509EnhancedKeyUsageExtension[] usages = [.. certificate.Extensions.OfType<X509EnhancedKeyUsageExtension>()];
        if (usages.Length > 0
            && !usages.Any(extension => extension.EnhancedKeyUsages.Cast<Oid>().Any(usage => usage.Value is ServerAuthentication or AnyUsage)))
            throw CredentialErrors.Unusable($"the certificate in {path} is not one for servers: its extended key usage says so");
    }
}
