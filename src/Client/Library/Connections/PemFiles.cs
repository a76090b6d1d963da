using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace YMaskNet.Client;

/// <summary>Reads certificates from files.</summary>
internal static class PemFiles
{
    /// <summary>The certificates of a PEM file; at least one.</summary>
    public static X509Certificate2Collection ReadAuthorities(string path)
    {
        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(path);
        return authorities.Count > 0 ? authorities : throw new CryptographicException($"{path} holds no certificate in PEM.");
    }

    /// <summary>A certificate with its key, and the intermediate ones after it.</summary>
    public static X509Certificate2Collection ReadOwn(string path, string? keyPath, string? password)
    {
        if (File.ReadAllBytes(path).AsSpan().IndexOf("-----BEGIN "u8) < 0)
            return ReadPfx(path, password);

        X509Certificate2Collection certificates = ReadAuthorities(path);
        using X509Certificate2 complete = password is null
            ? X509Certificate2.CreateFromPemFile(path, keyPath)
            : X509Certificate2.CreateFromEncryptedPemFile(path, password, keyPath);
        certificates[0].Dispose();

        // Not every system's TLS takes a key that has only ever been in memory as PEM.
        certificates[0] = X509CertificateLoader.LoadPkcs12(complete.Export(X509ContentType.Pfx), password: null);
        return certificates;
    }

    private static X509Certificate2Collection ReadPfx(string path, string? password)
    {
        X509Certificate2Collection certificates = X509CertificateLoader.LoadPkcs12CollectionFromFile(path, password);
        X509Certificate2 own = certificates.FirstOrDefault(certificate => certificate.HasPrivateKey)
            ?? throw new CryptographicException($"{path} holds no private key.");
        certificates.Remove(own);
        certificates.Insert(0, own);
        return certificates;
    }
}
