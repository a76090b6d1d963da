using System.Net;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace YMaskNet.Server.Hosting;

/// <summary>A TCP address for HTTP/2 without TLS.</summary>
/// <param name="Host">An IP address, or <see langword="null"/> for both loopback addresses.</param>
/// <param name="Port">0 lets the system choose.</param>
internal sealed record ListenAddress(IPAddress? Host, int Port)
{
    /// <summary>What <see cref="TryParse"/> takes, for messages.</summary>
    public const string Form = "http://HOST:PORT, where HOST is an IP address or localhost and PORT is 0 to 65535";

    public static bool TryParse(string text, out ListenAddress address)
    {
        address = new ListenAddress(IPAddress.Loopback, 0);
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? uri)
            || uri.Scheme != Uri.UriSchemeHttp
            || uri.PathAndQuery != "/"
            || uri.UserInfo.Length > 0)
            return false;

        if (IPAddress.TryParse(uri.DnsSafeHost, out IPAddress? host))
            address = new ListenAddress(host, uri.Port);
        else if (uri.Host == "localhost" && uri.Port != 0)
            address = new ListenAddress(null, uri.Port);
        else
            return false;

        return true;
    }

    /// <summary>Makes Kestrel listen here.</summary>
    public void Bind(KestrelServerOptions kestrel)
    {
        // Without TLS there is no negotiation: a port speaks either HTTP/1.1 or HTTP/2, and gRPC needs the latter.
        if (Host is null)
            kestrel.ListenLocalhost(Port, listen => listen.Protocols = HttpProtocols.Http2);
        else
            kestrel.Listen(Host, Port, listen => listen.Protocols = HttpProtocols.Http2);
    }

    public override string ToString() => Host is null ? $"http://localhost:{Port}" : $"http://{new IPEndPoint(Host, Port)}";
}
