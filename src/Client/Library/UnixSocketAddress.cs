using System.Net.Sockets;
using System.Text;

namespace YMaskNet.Client;

/// <summary>
/// Addresses of servers on Unix domain sockets of this host: <c>unix:///absolute/path</c> or <c>unix:path</c>, where a path
/// may be relative to the working directory. The path is taken as it is written: nothing in it is escaped.
/// </summary>
public static class UnixSocketAddress
{
    private const string Scheme = "unix";

    // Of 108 bytes the last is the terminating zero.
    private const int MaxPathBytes = 107;
    private const string Form = "unix:///absolute/path or unix:path";

    /// <summary>Whether an address is one of a Unix domain socket.</summary>
    public static bool IsUnixSocket(Uri address) => address.Scheme == Scheme;

    /// <summary>The socket of an address.</summary>
    /// <exception cref="FormatException">The address has no path, names a host, or its path is longer than the system takes.</exception>
    public static UnixDomainSocketEndPoint Parse(Uri address)
    {
        // Uri's own path would be percent-encoded and end at a question mark.
        string path = address.OriginalString[(Scheme.Length + 1)..];
        if (path.StartsWith("//", StringComparison.Ordinal))
        {
            path = path[2..];
            if (!path.StartsWith('/'))
                throw new FormatException($"'{address.OriginalString}' names a host; write {Form}.");
        }

        if (path.Length == 0)
            throw new FormatException($"'{address.OriginalString}' has no path; write {Form}.");

        int bytes = Encoding.UTF8.GetByteCount(path);
        return bytes <= MaxPathBytes
            ? new UnixDomainSocketEndPoint(path)
            : throw new FormatException($"The path in '{address.OriginalString}' has {bytes} bytes; a Unix socket's has at most {MaxPathBytes}.");
    }

    /// <summary>Connects to a server.</summary>
    internal static async ValueTask<Stream> ConnectAsync(UnixDomainSocketEndPoint endPoint, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await socket.ConnectAsync(endPoint, cancellationToken).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
