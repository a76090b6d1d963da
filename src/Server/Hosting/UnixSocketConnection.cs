namespace YMaskNet.Server.Hosting;

/// <summary>A connection's feature that says that it came over the Unix socket: from this host, by somebody whom its file lets in.</summary>
internal sealed class UnixSocketConnection
{
    public static UnixSocketConnection Instance { get; } = new();
}
