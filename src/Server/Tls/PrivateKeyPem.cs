using System.Security.Cryptography;
using YMaskNet.Server.FileWatch;

namespace YMaskNet.Server.Tls;

/// <summary>Reads a private key from PEM text.</summary>
internal static class PrivateKeyPem
{
    private const string Encrypted = "ENCRYPTED PRIVATE KEY";

    /// <summary>The first key in a text; the caller owns it.</summary>
    /// <param name="path">Name of the file, for messages.</param>
    /// <param name="pem">Its text; certificates and parameters in it are passed over.</param>
    /// <param name="password">Of an encrypted key; <see langword="null"/>: none.</param>
    /// <returns>An <see cref="RSA"/> or an <see cref="ECDsa"/>; <see langword="null"/> where there is no key.</returns>
    /// <exception cref="Hosting.StartupException">The key can't be read, or decrypted.</exception>
    public static AsymmetricAlgorithm? Find(string path, string pem, string? password)
    {
        ReadOnlySpan<char> rest = pem;
        while (PemEncoding.TryFind(rest, out PemFields fields))
        {
            ReadOnlySpan<char> section = rest[fields.Location];
            switch (rest[fields.Label])
            {
                case Encrypted when string.IsNullOrEmpty(password):
                    throw CredentialErrors.Unusable(
                        $"the private key in {path} is encrypted; give its password as YMaskNet__CertificatePassword in the environment");
                case Encrypted:
                    return Import(section, password)
                        ?? throw CredentialErrors.Unusable($"the private key in {path} can't be decrypted with the password that was given");
                case "PRIVATE KEY" or "RSA PRIVATE KEY" or "EC PRIVATE KEY":
                    return Import(section, password: null)
                        ?? throw CredentialErrors.Unusable($"the private key in {path} can't be read; it must be an RSA or EC key");
            }

            rest = rest[fields.Location.End..];
        }

        return null;
    }

    private static AsymmetricAlgorithm? Import(ReadOnlySpan<char> section, string? password) =>
        (AsymmetricAlgorithm?)TryImport(RSA.Create(), section, password) ?? TryImport(ECDsa.Create(), section, password);

    private static T? TryImport<T>(T key, ReadOnlySpan<char> section, string? password)
        where T : AsymmetricAlgorithm
    {
        try
        {
            if (password is null)
                key.ImportFromPem(section);
            else
                key.ImportFromEncryptedPem(section, password);
            return key;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            // A key of the other kind, or none.
            key.Dispose();
            return null;
        }
    }
}
