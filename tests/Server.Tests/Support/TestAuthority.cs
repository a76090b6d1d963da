using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace YMaskNet.Server.Tests.Support;

/// <summary>An authority of a test's own, and the certificates that it gives.</summary>
internal sealed class TestAuthority : IDisposable
{
    public const string Password = "correct horse";

    private const string ForServers = "1.3.6.1.5.5.7.3.1";
    private const string ForClients = "1.3.6.1.5.5.7.3.2";

    // Written to files rather than used from memory: what a test hands on is what an operator would.
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _certificate;

    public TestAuthority(string name = "Test Authority", TestAuthority? parent = null)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, false, 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, critical: true));
        DateTimeOffset now = DateTimeOffset.UtcNow;
        if (parent is null)
        {
            _certificate = request.CreateSelfSigned(now.AddDays(-1000), now.AddDays(1000));
        }
        else
        {
            using X509Certificate2 issued = request.Create(parent._certificate, now.AddDays(-999), now.AddDays(999), Serial());
            _certificate = issued.CopyWithPrivateKey(key);
        }

        CertificateFile = Write("authority.pem", _certificate.ExportCertificatePem());
    }

    /// <summary>The authority's own certificate, PEM.</summary>
    public string CertificateFile { get; }

    public X509Certificate2Collection Certificates => [X509CertificateLoader.LoadCertificate(_certificate.RawData)];

    /// <summary>A certificate for a server on 127.0.0.1 and localhost.</summary>
    public IssuedCertificate IssueForServer(string name = "server", TimeSpan? age = null, TimeSpan? lifetime = null, bool rsa = false) =>
        Issue(name, ForServers, age ?? TimeSpan.FromDays(1), lifetime ?? TimeSpan.FromDays(30), rsa);

    /// <summary>A certificate for a client.</summary>
    public IssuedCertificate IssueForClient(string name = "client") =>
        Issue(name, ForClients, TimeSpan.FromDays(1), TimeSpan.FromDays(30), rsa: false);

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Dispose();
    }

    private IssuedCertificate Issue(string name, string usage, TimeSpan age, TimeSpan lifetime, bool rsa)
    {
        using RSA? rsaKey = rsa ? RSA.Create(2048) : null;
        using ECDsa ecdsaKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = rsaKey is null
            ? new CertificateRequest($"CN={name}", ecdsaKey, HashAlgorithmName.SHA256)
            : new CertificateRequest($"CN={name}", rsaKey, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid(usage)], critical: false));
        SubjectAlternativeNameBuilder names = new();
        names.AddDnsName(name);
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());

        DateTimeOffset start = DateTimeOffset.UtcNow - age;
        X509SignatureGenerator generator = X509SignatureGenerator.CreateForECDsa(_certificate.GetECDsaPrivateKey()!);
        using X509Certificate2 issued = request.Create(_certificate.SubjectName, generator, start, start + lifetime, Serial());
        AsymmetricAlgorithm key = (AsymmetricAlgorithm?)rsaKey ?? ecdsaKey;
        using X509Certificate2 complete = rsaKey is null ? issued.CopyWithPrivateKey(ecdsaKey) : issued.CopyWithPrivateKey(rsaKey);
        PbeParameters encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        string stem = $"{name}-{Guid.NewGuid():N}";
        return new IssuedCertificate(
            Write($"{stem}.pem", $"{issued.ExportCertificatePem()}\n{_certificate.ExportCertificatePem()}\n"),
            Write($"{stem}.key", key.ExportPkcs8PrivateKeyPem()),
            Write($"{stem}.encrypted.key", key.ExportEncryptedPkcs8PrivateKeyPem(Password, encryption)),
            Write($"{stem}.pfx", complete.Export(X509ContentType.Pfx, Password)));
    }

    private static byte[] Serial()
    {
        byte[] serial = RandomNumberGenerator.GetBytes(16);
        serial[0] &= 0x7f;
        return serial;
    }

    private string Write(string name, string text) => Write(name, System.Text.Encoding.ASCII.GetBytes(text));

    private string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }
}

/// <summary>A certificate in the forms that operators have it in.</summary>
/// <param name="Certificate">PEM: the certificate and its authority's.</param>
/// <param name="Key">PEM, PKCS 8.</param>
/// <param name="EncryptedKey">The same under <see cref="TestAuthority.Password"/>.</param>
/// <param name="Pfx">Both in one file, under <see cref="TestAuthority.Password"/>.</param>
internal sealed record IssuedCertificate(string Certificate, string Key, string EncryptedKey, string Pfx)
{
    /// <summary>The command line of a server with it.</summary>
    public string[] ServerArguments => ["--address", "https://127.0.0.1:0", "--certificate", Certificate, "--certificate-key", Key];
}
