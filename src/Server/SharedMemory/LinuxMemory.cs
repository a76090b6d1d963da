using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace YMaskNet.Server.SharedMemory;

/// <summary>Anonymous files in memory, as Linux has them.</summary>
internal static partial class LinuxMemory
{
    private const uint CloseOnExec = 0x1;
    private const uint AllowSealing = 0x2;
    private const uint NeverExecutable = 0x8;

    private const int AddSeals = 1033;
    private const int SealSeal = 0x1;
    private const int SealShrink = 0x2;
    private const int SealGrow = 0x4;

    private const int KeepSize = 0x1;
    private const int PunchHole = 0x2;

    private const int Interrupted = 4;
    private const int InvalidArgument = 22;

    /// <summary>
    /// Makes a file whose pages are all there and which nobody, this process included, can shrink or grow: reading it
    /// through a mapping can't fail, whoever else has it open.
    /// </summary>
    /// <param name="name">Shown in /proc; at most 249 bytes.</param>
    /// <param name="bytes">Range: >= 1.</param>
    /// <exception cref="Win32Exception">The system has no memory for it, or does not know such files.</exception>
    public static SafeFileHandle Create(string name, long bytes)
    {
        int descriptor = MemoryFile(name, CloseOnExec | AllowSealing | NeverExecutable);

        // Kernels before 6.3 don't know the last flag, and newer ones may be set to insist on it.
        if (descriptor < 0 && Marshal.GetLastPInvokeError() == InvalidArgument)
            descriptor = MemoryFile(name, CloseOnExec | AllowSealing);
        if (descriptor < 0)
            throw new Win32Exception();

        SafeFileHandle file = new(descriptor, ownsHandle: true);
        try
        {
            Allocate(file, 0, bytes);
            Check(Control(file, AddSeals, SealShrink | SealGrow | SealSeal));
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Gives a file's pages back to the system, though others may still map it: they read zeros from then on.</summary>
    /// <exception cref="Win32Exception">The system refused.</exception>
    public static void Empty(SafeFileHandle file, long bytes) => Allocate(file, PunchHole | KeepSize, bytes);

    private static void Allocate(SafeFileHandle file, int mode, long bytes)
    {
        int result;
        do
            result = Allocate(file, mode, 0, bytes);
        while (result < 0 && Marshal.GetLastPInvokeError() == Interrupted);
        Check(result);
    }

    private static void Check(int result)
    {
        if (result < 0)
            throw new Win32Exception();
    }

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MemoryFile(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fallocate", SetLastError = true)]
    private static partial int Allocate(SafeFileHandle file, int mode, long offset, long length);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeFileHandle file, int command, int argument);
}
