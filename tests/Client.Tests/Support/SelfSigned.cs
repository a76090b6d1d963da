using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace YMaskNet.Client.Tests.Support;

/// <summary>A certificate for 127.0.0.1 that is its own authority.</summary>
internal static class SelfSigned
{
    public static X509Certificate2 Create()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=scripted server", key, HashAlgorithmName.SHA256);
        SubjectAlternativeNameBuilder names = new();
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
