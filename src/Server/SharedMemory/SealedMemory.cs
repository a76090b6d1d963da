using System.ComponentModel;
using System.IO.MemoryMappedFiles;
using Microsoft.Win32.SafeHandles;

namespace YMaskNet.Server.SharedMemory;

/// <summary>
/// Memory that callers on this host may map and write, and that this process maps for reading alone. Its size is sealed:
/// no caller can make reading it fail.
/// </summary>
internal sealed unsafe class SealedMemory : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly MemoryMappedFile _mapping;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte* _pointer;
    private readonly long _bytes;

    /// <param name="name">Its name in /proc.</param>
    /// <param name="bytes">Whole pages. Range: >= 1.</param>
    /// <exception cref="Win32Exception">The system has no memory for it.</exception>
    /// <exception cref="IOException">It can't be mapped.</exception>
    public SealedMemory(string name, long bytes)
    {
        _bytes = bytes;
        _file = LinuxMemory.Create(name, bytes);
        try
        {
            _mapping = MemoryMappedFile.CreateFromFile(
                _file, mapName: null, bytes, MemoryMappedFileAccess.Read, HandleInheritability.None, leaveOpen: true);
            _view = _mapping.CreateViewAccessor(0, bytes, MemoryMappedFileAccess.Read);
            _view.SafeMemoryMappedViewHandle.AcquirePointer(ref _pointer);
        }
        catch
        {
            _view?.Dispose();
            _mapping?.Dispose();
            _file.Dispose();
            throw;
        }
    }

    /// <summary>This process's descriptor of it.</summary>
    public int FileDescriptor => (int)_file.DangerousGetHandle();

    /// <summary>A part of it, in place until <see cref="Dispose"/>.</summary>
    public byte* At(long offset)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((ulong)offset, (ulong)_bytes, nameof(offset));
        return _pointer + offset;
    }

    /// <summary>Gives the memory back to the system, whoever else still maps it. Nobody may read it any more.</summary>
    public void Dispose()
    {
        _view.SafeMemoryMappedViewHandle.ReleasePointer();
        _view.Dispose();
        _mapping.Dispose();
        using (_file)
            LinuxMemory.Empty(_file, _bytes);
    }
}
