using System.Net.Security;
using System.Security.Cryptography.X509Certificates;

namespace YMaskNet.Client;

/// <summary>How to encrypt the connection, whom to believe, and what to show. Without any value: the system's authorities, no certificate.</summary>
public sealed record TlsOptions
{
    /// <summary>
    /// Authorities that the server's certificate may come from, instead of the system's. Default: <see langword="null"/>, the
    /// system's.
    /// </summary>
    public X509Certificate2Collection? CertificateAuthorities { get; init; }

    /// <summary>
    /// This client's own certificate with its private key, where the server asks for one. It must live as long as the client.
    /// Default: <see langword="null"/>, none.
    /// </summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Certificates between <see cref="ClientCertificate"/> and the authority that the server knows. Default: none.</summary>
    public X509Certificate2Collection? ClientCertificateIntermediates { get; init; }

    /// <summary>The name that the server's certificate must be of. Default: <see langword="null"/>, the address's host.</summary>
    public string? ServerName { get; init; }

    /// <summary>Reads the options from files.</summary>
    /// <param name="certificateAuthorities">PEM file. Default: the system's authorities.</param>
    /// <param name="clientCertificate">
    /// PEM file with the client's certificate and intermediate ones after it, or a PFX file. Default: none.
    /// </param>
    /// <param name="clientKey">PEM file with the certificate's key. Default: it is in the certificate's file.</param>
    /// <param name="password">Of the key or the PFX file. Default: none.</param>
    /// <exception cref="IOException">A file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    /// <exception cref="ArgumentException">A key without a certificate, or a password without either.</exception>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file holds no certificate, or no key that belongs to it.</exception>
    public static TlsOptions FromFiles(
        string? certificateAuthorities = null, string? clientCertificate = null, string? clientKey = null, string? password = null)
    {
        if (clientCertificate is null && (clientKey is not null || password is not null))
            throw new ArgumentException("A key and a password belong to a certificate, and there is none.", nameof(clientCertificate));

        X509Certificate2Collection own = clientCertificate is null ? [] : PemFiles.ReadOwn(clientCertificate, clientKey, password);
        return new TlsOptions
        {
            CertificateAuthorities = certificateAuthorities is null ? null : PemFiles.ReadAuthorities(certificateAuthorities),
            ClientCertificate = own.FirstOrDefault(),
            ClientCertificateIntermediates = [.. own.Skip(1)],
        };
    }

    /// <summary>What a connection needs.</summary>
    /// <exception cref="ArgumentException">The client's certificate has no private key.</exception>
    internal SslClientAuthenticationOptions ToHandshake()
    {
        SslClientAuthenticationOptions handshake = new();
        if (CertificateAuthorities is { } authorities)
        {
            handshake.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handshake.CertificateChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        if (ClientCertificate is { } certificate)
        {
            if (!certificate.HasPrivateKey)
                throw new ArgumentException($"The client's certificate, {certificate.Subject}, has no private key.", nameof(ClientCertificate));
            handshake.ClientCertificateContext = SslStreamCertificateContext.Create(certificate, ClientCertificateIntermediates, offline: true);
        }

        return handshake;
    }
}
