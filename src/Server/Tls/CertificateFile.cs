using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using YMaskNet.Server.FileWatch;

namespace YMaskNet.Server.Tls;

/// <summary>Reads a certificate with its key, and certificates without.</summary>
internal static class CertificateFile
{
    /// <summary>The server's certificate with its key, and the intermediate ones that belong to it.</summary>
    /// <exception cref="Hosting.StartupException">The files can't be used; the message names the one at fault.</exception>
    public static (X509Certificate2 Certificate, X509Certificate2Collection Intermediates) Read(TlsFiles files, FileSnapshot snapshot)
    {
        byte[] bytes = snapshot.BytesOf(files.Certificate);
        return IsPem(bytes) ? ReadPem(files, snapshot) : ReadPfx(files, bytes);
    }

    /// <summary>The certificates of a file, PEM or a single one in DER; at least one.</summary>
    /// <exception cref="Hosting.StartupException">There is none, or they can't be read.</exception>
    public static X509Certificate2Collection ReadAuthorities(string path, FileSnapshot snapshot)
    {
        byte[] bytes = snapshot.BytesOf(path);
        if (IsPem(bytes))
            return ReadCertificates(path, snapshot.TextOf(path));

        try
        {
            if (bytes.Length > 0)
                return [X509CertificateLoader.LoadCertificate(bytes)];
        }
        catch (CryptographicException)
        {
            // Nothing to do with certificates.
        }

        throw CredentialErrors.Unusable($"{path} holds no certificate in PEM or DER");
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Intermediates) ReadPem(TlsFiles files, FileSnapshot snapshot)
    {
        X509Certificate2Collection certificates = ReadCertificates(files.Certificate, snapshot.TextOf(files.Certificate));
        string keyPath = files.Key ?? files.Certificate;
        using AsymmetricAlgorithm key = PrivateKeyPem.Find(keyPath, snapshot.TextOf(keyPath), files.Password)
            ?? throw CredentialErrors.Unusable(files.Key is null
                ? $"{keyPath} holds no private key; name the file that does with --certificate-key"
                : $"{keyPath} holds no private key");
        using X509Certificate2 certificate = certificates[0];
        certificates.RemoveAt(0);
        return (WithKey(certificate, files.Certificate, key, keyPath), certificates);
    }

    private static (X509Certificate2 Certificate, X509Certificate2Collection Intermediates) ReadPfx(TlsFiles files, byte[] bytes)
    {
        string path = files.Certificate;
        if (!IsPfx(bytes))
            throw CredentialErrors.Unusable($"{path} is neither a PEM nor a PFX file with a certificate and its key");
        if (files.Key is not null)
            throw CredentialErrors.Unusable($"{path} is a PFX file, which holds its own key; leave --certificate-key out");

        X509Certificate2Collection certificates;
        try
        {
            certificates = X509CertificateLoader.LoadPkcs12Collection(bytes, files.Password);
        }
        catch (CryptographicException error)
        {
            throw CredentialErrors.Unusable(
                files.Password is null
                    ? $"{path} can't be read without a password, which YMaskNet__CertificatePassword in the environment gives: {error.Message}"
                    : $"{path} can't be read with the password that was given: {error.Message}");
        }

        X509Certificate2 certificate = certificates.FirstOrDefault(candidate => candidate.HasPrivateKey)
            ?? throw CredentialErrors.Unusable($"{path} holds no private key");
        certificates.Remove(certificate);
        return (certificate, certificates);
    }

    private static X509Certificate2Collection ReadCertificates(string path, string pem)
    {
        X509Certificate2Collection certificates = [];
        try
        {
            certificates.ImportFromPem(pem);
        }
        catch (CryptographicException error)
        {
            throw CredentialErrors.Unusable($"a certificate in {path} can't be read: {error.Message}");
        }

        return certificates.Count > 0 ? certificates : throw CredentialErrors.Unusable($"{path} holds no certificate");
    }

    private static X509Certificate2 WithKey(X509Certificate2 certificate, string path, AsymmetricAlgorithm key, string keyPath)
    {
        using RSA? rsa = certificate.GetRSAPublicKey();
        using ECDsa? ecdsa = certificate.GetECDsaPublicKey();
        try
        {
            X509Certificate2? complete = key switch
            {
                RSA rsaKey when rsa is not null => certificate.CopyWithPrivateKey(rsaKey),
                ECDsa ecdsaKey when ecdsa is not null => certificate.CopyWithPrivateKey(ecdsaKey),
                _ => null,
            };
            if (complete is not null)
                return complete;
        }
        catch (ArgumentException)
        {
            // Of the same kind, but of another certificate.
        }

        throw CredentialErrors.Unusable($"the private key in {keyPath} is not that of the certificate in {path}");
    }

    private static bool IsPfx(byte[] bytes)
    {
        try
        {
            return bytes.Length > 0 && X509Certificate2.GetCertContentType(bytes) == X509ContentType.Pfx;
        }
        catch (CryptographicException)
        {
            // Nothing to do with certificates.
            return false;
        }
    }

    private static bool IsPem(byte[] bytes) => bytes.AsSpan().IndexOf("-----BEGIN "u8) >= 0;
}
