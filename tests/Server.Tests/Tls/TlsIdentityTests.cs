using System.Security.Cryptography;
using YMaskNet.Server.FileWatch;
using YMaskNet.Server.Hosting;
using YMaskNet.Server.Tls;

namespace YMaskNet.Server.Tests.Tls;

public sealed class TlsIdentityTests : IDisposable
{
    private readonly TestAuthority _authority = new();
    private readonly TemporaryFolder _folder = new();

    public void Dispose()
    {
        _authority.Dispose();
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Read_CertificateAndKey_InUse(bool rsa)
    {
        IssuedCertificate issued = _authority.IssueForServer(rsa: rsa);

        TlsIdentity identity = Read(issued.Certificate, issued.Key);

        Assert.StartsWith("the certificate of CN=server, valid until 20", identity.ToString(), StringComparison.Ordinal);
        Assert.False(identity.CreateHandshake().ClientCertificateRequired);
    }

    [Fact]
    public void Read_KeyInTheCertificatesFile_InUse()
    {
        IssuedCertificate issued = _authority.IssueForServer();
        string both = Write("both.pem", File.ReadAllText(issued.Key) + "\n" + File.ReadAllText(issued.Certificate));

        Assert.Contains("CN=server", Read(both).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_KeyInTheOlderForms_InUse()
    {
        using ECDsa key = ECDsa.Create();
        IssuedCertificate issued = _authority.IssueForServer();
        key.ImportFromPem(File.ReadAllText(issued.Key));
        string older = Write("older.key", key.ExportECPrivateKeyPem());

        Assert.Contains("CN=server", Read(issued.Certificate, older).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_EncryptedKeyAndPfx_InUseWithTheirPassword()
    {
        IssuedCertificate issued = _authority.IssueForServer();

        Assert.Contains("CN=server", Read(issued.Certificate, issued.EncryptedKey, TestAuthority.Password).ToString(), StringComparison.Ordinal);
        Assert.Contains("CN=server", Read(issued.Pfx, password: TestAuthority.Password).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Read_ClientAuthorities_CallersNeedCertificates()
    {
        IssuedCertificate issued = _authority.IssueForServer();

        TlsIdentity identity = Read(issued.Certificate, issued.Key, clientAuthorities: _authority.CertificateFile);

        Assert.True(identity.CreateHandshake().ClientCertificateRequired);
    }

    [Fact]
    public void Read_WhatCantBeUsed_SaysWhichFileAndWhy()
    {
        IssuedCertificate issued = _authority.IssueForServer();
        IssuedCertificate other = _authority.IssueForServer("other");
        IssuedCertificate rsa = _authority.IssueForServer(rsa: true);
        IssuedCertificate expired = _authority.IssueForServer(age: TimeSpan.FromDays(60));
        IssuedCertificate early = _authority.IssueForServer(age: TimeSpan.FromDays(-2));
        IssuedCertificate client = _authority.IssueForClient();
        string empty = Write("empty.pem", "");
        string noise = Write("noise.pem", "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n");
        string nowhere = Path.Combine(_folder.Path, "nowhere.pem");
        string large = Write("large.pem", new string('x', (1 << 20) + 1));

        Refused($"there is no file {nowhere}", () => Read(nowhere));
        Refused($"there is no file {nowhere}", () => Read(issued.Certificate, nowhere));
        Refused($"there is no file {nowhere}", () => Read(issued.Certificate, issued.Key, clientAuthorities: nowhere));
        Refused($"{_folder.Path} is a folder, not a file", () => Read(_folder.Path));
        Refused($"{large} can't be read: it has more than 1048576 bytes", () => Read(large));
        Refused($"{empty} is neither a PEM nor a PFX file", () => Read(empty));
        Refused($"a certificate in {noise} can't be read", () => Read(noise));
        Refused($"{issued.Key} holds no certificate", () => Read(issued.Key));
        Refused($"{issued.Certificate} holds no private key; name the file that does with --certificate-key", () => Read(issued.Certificate));
        Refused($"{other.Certificate} holds no private key", () => Read(issued.Certificate, other.Certificate));
        Refused($"the private key in {other.Key} is not that of the certificate in {issued.Certificate}", () => Read(issued.Certificate, other.Key));
        Refused($"the private key in {rsa.Key} is not that of the certificate in {issued.Certificate}", () => Read(issued.Certificate, rsa.Key));
        Refused($"the private key in {issued.EncryptedKey} is encrypted", () => Read(issued.Certificate, issued.EncryptedKey));
        Refused($"the private key in {issued.EncryptedKey} can't be decrypted", () => Read(issued.Certificate, issued.EncryptedKey, "wrong"));
        Refused($"{issued.Pfx} can't be read without a password", () => Read(issued.Pfx));
        Refused($"{issued.Pfx} can't be read with the password that was given", () => Read(issued.Pfx, password: "wrong"));
        Refused($"{issued.Pfx} is a PFX file, which holds its own key", () => Read(issued.Pfx, issued.Key, TestAuthority.Password));
        Refused($"the certificate in {expired.Certificate} expired at 20", () => Read(expired.Certificate, expired.Key));
        Refused($"the certificate in {early.Certificate} is valid from 20", () => Read(early.Certificate, early.Key));
        Refused($"the certificate in {client.Certificate} is not one for servers", () => Read(client.Certificate, client.Key));
        Refused($"{empty} holds no certificate in PEM or DER", () => Read(issued.Certificate, issued.Key, clientAuthorities: empty));
    }

    private static void Refused(string message, Action read)
    {
        StartupException error = Assert.Throws<StartupException>(read);
        Assert.Equal(ExitCode.CredentialsUnusable, error.ExitCode);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(TestAuthority.Password, error.Message, StringComparison.Ordinal);
    }

    private static TlsIdentity Read(string certificate, string? key = null, string? password = null, string? clientAuthorities = null)
    {
        TlsFiles files = new(certificate, key, password, clientAuthorities);
        return TlsIdentity.Read(files, FileSnapshot.Read(files.Paths), DateTimeOffset.UtcNow);
    }

    private string Write(string name, string text)
    {
        string path = Path.Combine(_folder.Path, name);
        File.WriteAllText(path, text);
        return path;
    }
}
