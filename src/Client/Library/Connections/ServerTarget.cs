using System.Net.Sockets;
using Grpc.Net.Client.Balancer;

namespace YMaskNet.Client;

/// <summary>Which servers a client talks to.</summary>
internal sealed record ServerTarget
{
    private const string Forms = "http://HOST:PORT, https://HOST:PORT, dns:///HOST:PORT, unix:///absolute/path or unix:path";
    private const string DnsScheme = "dns";

    // HTTP/2 wants a host in every request; on a Unix socket nothing reads it.
    private static readonly Uri AuthorityOverUnixSocket = new("http://localhost");

    // Resolved to Servers; nothing reads what follows the scheme.
    private static readonly Uri StaticServers = new("static:///ymasknet");

    private ServerTarget(Uri channel) => Channel = channel;

    /// <summary>The address that gRPC gets.</summary>
    public Uri Channel { get; private init; }

    /// <summary>Whether the connection is encrypted.</summary>
    public bool IsEncrypted { get; private init; }

    /// <summary>Whether nothing that is sent leaves this host.</summary>
    public bool IsOnThisHost { get; private init; }

    /// <summary>The Unix socket; <see langword="null"/> for TCP.</summary>
    public UnixDomainSocketEndPoint? Socket { get; private init; }

    /// <summary>The servers that take turns; empty for one server, and for those that DNS names.</summary>
    public IReadOnlyList<BalancerAddress> Servers { get; private init; } = [];

    /// <summary>Whether calls are shared out among several servers.</summary>
    public bool IsBalanced => Servers.Count > 0 || Channel.Scheme == DnsScheme;

    /// <summary>Reads addresses.</summary>
    /// <param name="addresses">One, or several that are all <c>http</c> or all <c>https</c>.</param>
    /// <param name="asksForTls">Whether the caller set TLS's options: <c>dns</c> says nothing of encryption itself.</param>
    /// <exception cref="FormatException">One is no address of a server, or they don't go together.</exception>
    /// <exception cref="ArgumentException">There is none, or TLS is asked for where there can't be any.</exception>
    public static ServerTarget Of(IReadOnlyList<Uri> addresses, bool asksForTls)
    {
        if (addresses.Count == 0)
            throw new ArgumentException("There is no address of a server.", nameof(addresses));

        ServerTarget target = addresses.Count == 1 ? OfOne(addresses[0], asksForTls) : OfSeveral(addresses);
        return asksForTls && !target.IsEncrypted
            ? throw new ArgumentException($"'{addresses[0].OriginalString}' is not encrypted, but TLS is asked for; write https.", nameof(addresses))
            : target;
    }

    private static ServerTarget OfOne(Uri address, bool asksForTls)
    {
        if (UnixSocketAddress.IsUnixSocket(address))
            return new ServerTarget(AuthorityOverUnixSocket) { Socket = UnixSocketAddress.Parse(address), IsOnThisHost = true };

        if (address.Scheme == DnsScheme)
        {
            return address.Host.Length == 0 && address.AbsolutePath.Length > 1 && !address.AbsolutePath[1..].Contains('/', StringComparison.Ordinal)
                ? new ServerTarget(address) { IsEncrypted = asksForTls }
                : throw NoAddress(address);
        }

        CheckTcp(address);
        return new ServerTarget(address) { IsEncrypted = address.Scheme == Uri.UriSchemeHttps, IsOnThisHost = address.IsLoopback };
    }

    private static ServerTarget OfSeveral(IReadOnlyList<Uri> addresses)
    {
        foreach (Uri address in addresses)
            CheckTcp(address);
        Uri? other = addresses.FirstOrDefault(address => address.Scheme != addresses[0].Scheme);
        return other is null
            ? new ServerTarget(StaticServers)
            {
                IsEncrypted = addresses[0].Scheme == Uri.UriSchemeHttps,
                IsOnThisHost = addresses.All(address => address.IsLoopback),
                Servers = [.. addresses.Select(address => new BalancerAddress(address.IdnHost, address.Port))],
            }
            : throw new FormatException(
                $"'{addresses[0].OriginalString}' and '{other.OriginalString}' do not go together: of several servers all are http, or all https.");
    }

    private static void CheckTcp(Uri address)
    {
        if (address.Scheme is not ("http" or "https") || address.Host.Length == 0)
            throw NoAddress(address);
        if (address.PathAndQuery != "/" || address.Fragment.Length > 0 || address.UserInfo.Length > 0)
            throw new FormatException($"'{address.OriginalString}' is more than the address of a server; write {Forms}.");
    }

    private static FormatException NoAddress(Uri address) =>
        new($"'{address.OriginalString}' is no address of a server; write {Forms}.");
}
