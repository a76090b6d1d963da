using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using YMaskNet.Server.Tls;

namespace YMaskNet.Server.Hosting;

/// <summary>A TCP address for HTTP/2.</summary>
/// <param name="Host">An IP address, or <see langword="null"/> for both loopback addresses.</param>
/// <param name="Port">0 lets the system choose.</param>
/// <param name="IsEncrypted">Whether TLS is spoken.</param>
internal sealed record ListenAddress(IPAddress? Host, int Port, bool IsEncrypted)
{
    /// <summary>What <see cref="TryParse"/> takes, for messages.</summary>
    public const string Form = "http://HOST:PORT or https://HOST:PORT, where HOST is an IP address or localhost and PORT is 0 to 65535";

    /// <summary>Whether only callers on this host can reach it.</summary>
    public bool IsLoopback => Host is null || IPAddress.IsLoopback(Host);

    public static bool TryParse(string text, out ListenAddress address)
    {
        address = new ListenAddress(IPAddress.Loopback, 0, IsEncrypted: false);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps)
            || uri.PathAndQuery != "/"
            || uri.UserInfo.Length > 0)
            return false;

        bool isEncrypted = uri.Scheme == Uri.UriSchemeHttps;
        if (IPAddress.TryParse(uri.DnsSafeHost, out IPAddress? host))
            address = new ListenAddress(host, uri.Port, isEncrypted);
        else if (uri.Host == "localhost" && uri.Port != 0)
            address = new ListenAddress(null, uri.Port, isEncrypted);
        else
            return false;

        return true;
    }

    /// <summary>Makes Kestrel listen here.</summary>
    public void Bind(KestrelServerOptions kestrel)
    {
        if (Host is null)
            kestrel.ListenLocalhost(Port, Configure);
        else
            kestrel.Listen(Host, Port, Configure);
    }

    public override string ToString()
    {
        string scheme = IsEncrypted ? Uri.UriSchemeHttps : Uri.UriSchemeHttp;
        return Host is null ? $"{scheme}://localhost:{Port}" : $"{scheme}://{new IPEndPoint(Host, Port)}";
    }

    private void Configure(ListenOptions listen)
    {
        // Without TLS there is no negotiation: a port speaks either HTTP/1.1 or HTTP/2, and gRPC needs the latter.
        listen.Protocols = HttpProtocols.Http2;
        if (IsEncrypted)
            listen.UseTls();
    }
}
