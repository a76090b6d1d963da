using System.Text;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace YMaskNet.Server.Hosting;

/// <summary>A Unix domain socket for HTTP/2, beside the TCP address.</summary>
/// <param name="Path">Full path of the socket's file.</param>
/// <param name="Mode">Who may connect: the permissions of the file.</param>
internal sealed record UnixSocketAddress(string Path, UnixFileMode Mode)
{
    /// <summary>The longest path that the system takes, 108 bytes with the terminating zero.</summary>
    public const int MaxPathBytes = 107;

    private const UnixFileMode User = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode UserAndGroup = User | UnixFileMode.GroupRead | UnixFileMode.GroupWrite;

    /// <summary>Reads a path and who may connect.</summary>
    /// <param name="path">Absolute, or relative to the working directory.</param>
    /// <param name="groupMayConnect">Whether the file's group may connect, or its user alone.</param>
    /// <exception cref="StartupException">The path can't be one of a socket.</exception>
    public static UnixSocketAddress Parse(string path, bool groupMayConnect)
    {
        if (!OperatingSystem.IsLinux())
            throw Invalid("Unix domain sockets are served on Linux only");
        if (path.Contains('\0', StringComparison.Ordinal))
            throw Invalid("the path of the Unix socket holds a zero character");

        string fullPath = System.IO.Path.GetFullPath(path);
        int bytes = Encoding.UTF8.GetByteCount(fullPath);
        if (bytes > MaxPathBytes)
            throw Invalid($"the path of the Unix socket, {fullPath}, has {bytes} bytes; the system takes at most {MaxPathBytes}");
        if (!Directory.Exists(System.IO.Path.GetDirectoryName(fullPath)))
            throw Invalid($"there is no folder for the Unix socket {fullPath}; make it first");

        return new UnixSocketAddress(fullPath, groupMayConnect ? UserAndGroup : User);
    }

    /// <summary>Makes Kestrel listen here.</summary>
    public void Bind(KestrelServerOptions kestrel) => kestrel.ListenUnixSocket(Path, listen =>
    {
        listen.Protocols = HttpProtocols.Http2;
        listen.Use(next => connection =>
        {
            connection.Features.Set(UnixSocketConnection.Instance);
            return next(connection);
        });
    });

    public override string ToString() => $"unix:{Path}";

    private static StartupException Invalid(string message) => new(ExitCode.ConfigurationInvalid, message);
}
