using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace YMaskNet.Server.Hosting;

/// <summary>The file of a listening Unix socket: makes way for it, creates it, sets its permissions.</summary>
/// <remarks>The file goes when the socket is disposed of; a server that was killed leaves it behind.</remarks>
internal static partial class UnixSocketFile
{
    private const int CurrentDirectory = -100;
    private const int DoNotFollowLinks = 0x100;
    private const uint AskForType = 1;
    private const ushort TypeBits = 0xF000;
    private const ushort SocketFile = 0xC000;

    /// <summary>A socket that is bound and does not listen yet, so that nobody connects before its permissions stand.</summary>
    /// <exception cref="StartupException">The path is taken by a live server or by something else, or can't be bound.</exception>
    public static Socket Bind(UnixSocketAddress address)
    {
        UnixDomainSocketEndPoint endPoint = new(address.Path);
        RemoveDeadSocket(address, endPoint);
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            socket.Bind(endPoint);
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(address.Path, address.Mode);
            return socket;
        }
        catch (Exception error) when (error is SocketException or IOException or UnauthorizedAccessException)
        {
            socket.Dispose();
            throw Unavailable($"can't listen on {address}: {error.Message}");
        }
    }

    private static void RemoveDeadSocket(UnixSocketAddress address, UnixDomainSocketEndPoint endPoint)
    {
        if (TypeOf(address.Path) is not { } type)
            return;

        // Connecting would not tell: other files refuse a connection as a dead server's socket does.
        if (type != SocketFile)
            throw Unavailable($"{address.Path} is there and is not a socket; choose another path with --unix-socket");

        using Socket probe = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            // A live server whose queue is full must not hold up the start.
            probe.Blocking = false;
            probe.Connect(endPoint);
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.ConnectionRefused)
        {
            Delete(address);
            return;
        }
        catch (SocketException error) when (error.SocketErrorCode != SocketError.WouldBlock)
        {
            throw Unavailable($"can't tell whether a server listens on {address}: {error.Message}");
        }

        throw Unavailable($"{address} is in use by another program; choose another with --unix-socket");
    }

    private static void Delete(UnixSocketAddress address)
    {
        try
        {
            File.Delete(address.Path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Unavailable($"{address} was left behind by a server that has ended, and can't be removed: {error.Message}");
        }
    }

    /// <summary>The type bits of a path; <see langword="null"/> when there is nothing that can be looked at.</summary>
    private static ushort? TypeOf(string path) =>
        Statx(CurrentDirectory, path, DoNotFollowLinks, AskForType, out FileStatus status) == 0 ? (ushort)(status.Mode & TypeBits) : null;

    private static StartupException Unavailable(string message) => new(ExitCode.AddressUnavailable, message);

    [LibraryImport("libc", EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Statx(int directory, string path, int flags, uint mask, out FileStatus status);

    /// <summary>The kernel's struct statx, which is the same on every architecture.</summary>
    [StructLayout(LayoutKind.Explicit, Size = 256)]
    private struct FileStatus
    {
        [FieldOffset(28)]
        public ushort Mode;
    }
}
