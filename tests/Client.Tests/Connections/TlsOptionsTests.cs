using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using YMaskNet.Client.Tests.Support;

namespace YMaskNet.Client.Tests.Connections;

public sealed class TlsOptionsTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly X509Certificate2 _certificate = SelfSigned.Create();

    public void Dispose()
    {
        _certificate.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public void FromFiles_EveryForm_CertificateWithItsKey()
    {
        using ECDsa key = _certificate.GetECDsaPrivateKey()!;
        PbeParameters encryption = new(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000);
        string pem = Add("own.pem", _certificate.ExportCertificatePem());
        string keyPem = Add("own.key", key.ExportPkcs8PrivateKeyPem());
        string encrypted = Add("own.encrypted.key", key.ExportEncryptedPkcs8PrivateKeyPem("secret", encryption));
        string both = Add("both.pem", $"{_certificate.ExportCertificatePem()}\n{key.ExportPkcs8PrivateKeyPem()}");
        string pfx = _folder.Add("own.pfx", _certificate.Export(X509ContentType.Pfx, "secret"));

        TlsOptions[] all =
        [
            TlsOptions.FromFiles(pem, pem, keyPem),
            TlsOptions.FromFiles(pem, pem, encrypted, "secret"),
            TlsOptions.FromFiles(pem, both),
            TlsOptions.FromFiles(pem, pfx, password: "secret"),
        ];

        Assert.All(all, options =>
        {
            Assert.True(options.ClientCertificate!.HasPrivateKey);
            Assert.Equal(_certificate.Thumbprint, options.ClientCertificate.Thumbprint);
            Assert.Equal(_certificate.Thumbprint, Assert.Single(options.CertificateAuthorities!).Thumbprint);
        });
    }

    [Fact]
    public void FromFiles_WhatCantBeUsed_Throws()
    {
        string pem = Add("own.pem", _certificate.ExportCertificatePem());
        string empty = Add("empty.pem", "");

        Assert.Throws<FileNotFoundException>(() => TlsOptions.FromFiles(_folder.PathOf("nowhere.pem")));
        Assert.ThrowsAny<CryptographicException>(() => TlsOptions.FromFiles(empty));
        Assert.ThrowsAny<CryptographicException>(() => TlsOptions.FromFiles(null, pem));
        Assert.ThrowsAny<CryptographicException>(() => TlsOptions.FromFiles(null, empty));
        Assert.Throws<ArgumentException>(() => TlsOptions.FromFiles(null, null, pem));
    }

    [Fact]
    public void Connect_CertificateWithoutAKey_Refused()
    {
        using X509Certificate2 bare = X509CertificateLoader.LoadCertificate(_certificate.RawData);

        ArgumentException error = Assert.Throws<ArgumentException>(() => InspectionClient.Connect(
            "https://127.0.0.1:5080", new InspectionClientOptions { Tls = new TlsOptions { ClientCertificate = bare } }));

        Assert.Contains("has no private key", error.Message, StringComparison.Ordinal);
    }

    private string Add(string name, string text) => _folder.Add(name, System.Text.Encoding.ASCII.GetBytes(text));
}
