using System.IO.MemoryMappedFiles;
using Grpc.Core;
using Microsoft.Win32.SafeHandles;
using YMaskNet.V1;

namespace YMaskNet.Client;

/// <summary>A lease's memory, mapped. It stays mapped until it is disposed of and every slot that was taken is given back.</summary>
internal sealed unsafe class MappedMemory : IDisposable
{
    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    private MappedMemory(MemoryMappedFile file, MemoryMappedViewAccessor view)
    {
        _file = file;
        _view = view;
    }

    /// <summary>Opens and maps what the server has leased.</summary>
    /// <exception cref="InspectionFailedException">This process can't open it.</exception>
    public static MappedMemory Open(LeaseOpened lease)
    {
        string path = FormattableString.Invariant($"/proc/{lease.ProcessId}/fd/{lease.FileDescriptor}");
        long bytes = checked((long)lease.SlotBytes * lease.SlotCount);
        try
        {
            // In another PID namespace the number may be another process's, and the file anything.
            string? target = new FileInfo(path).LinkTarget;
            if (target != $"/memfd:{lease.MemoryName} (deleted)")
                throw Unreachable($"{path} is {target ?? "not there"}", innerException: null);

            using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
            if (RandomAccess.GetLength(handle) != bytes)
                throw Unreachable($"{path} has {RandomAccess.GetLength(handle)} bytes instead of {bytes}", innerException: null);

            MemoryMappedFile file = MemoryMappedFile.CreateFromFile(
                handle, mapName: null, bytes, MemoryMappedFileAccess.ReadWrite, HandleInheritability.None, leaveOpen: true);
            try
            {
                return new MappedMemory(file, file.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.ReadWrite));
            }
            catch
            {
                file.Dispose();
                throw;
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw Unreachable(exception.Message, exception);
        }
    }

    /// <summary>The memory's first byte, in place until <see cref="Release"/>.</summary>
    /// <exception cref="ObjectDisposedException">It is not mapped any more.</exception>
    public byte* Acquire()
    {
        byte* pointer = null;
        _view.SafeMemoryMappedViewHandle.AcquirePointer(ref pointer);
        return pointer;
    }

    /// <summary>Ends one <see cref="Acquire"/>.</summary>
    public void Release() => _view.SafeMemoryMappedViewHandle.ReleasePointer();

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static InspectionFailedException Unreachable(string what, Exception? innerException) => new(
        StatusCode.FailedPrecondition,
        "SHARED_MEMORY_UNREACHABLE",
        "The server's memory can't be opened from this process; both must run as the same user and group, and see the same"
        + $" processes (no containers between them): {what}",
        innerException: innerException);
}
