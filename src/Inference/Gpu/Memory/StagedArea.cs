using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>
/// Pieces of a batch behind one another in device memory, and as much pinned memory on the host, so that one copy moves all of
/// them. It grows to the largest batch that there has been.
/// </summary>
/// <param name="purpose">For the message where there is too little memory.</param>
internal sealed class StagedArea(string purpose) : IDisposable
{
    // A warp's widest reads begin at such multiples.
    private const int Alignment = 256;

    private DeviceBuffer? _device;
    private PinnedBuffer<byte>? _host;
    private long _used;

    private DeviceBuffer Device => _device ?? throw new InvalidOperationException($"No memory was asked for {purpose}.");

    private PinnedBuffer<byte> Host => _host ?? throw new InvalidOperationException($"No memory was asked for {purpose}.");

    /// <summary>Begins a batch; nothing may be using the one before.</summary>
    public void Begin() => _used = 0;

    /// <summary>
    /// Makes room for a piece. What the host has written of others stays; addresses on the device hold from the last piece on.
    /// </summary>
    /// <returns>Where it begins. Unit: bytes.</returns>
    /// <exception cref="InspectionException">There is not so much memory left; the others' is as it was.</exception>
    public long Append(long bytes)
    {
        long start = (_used + Alignment - 1) / Alignment * Alignment;
        if (_host is null || _host.Length < start + bytes)
            Grow(start + bytes);
        _used = start + bytes;
        return start;
    }

    /// <summary>The host's part of a piece.</summary>
    public Span<T> OnHost<T>(long start, int count)
        where T : unmanaged => MemoryMarshal.Cast<byte, T>(Host.Slice(start, checked(count * Unsafe.SizeOf<T>())));

    /// <summary>The device's part of a piece, for the driver.</summary>
    public CUdeviceptr OnDevice(long start) => Device.At(start);

    /// <summary>The device's part of a piece, for kernels: never to be read by the host.</summary>
    public nint Address(long start) => Device.Address + (nint)start;

    /// <summary>Enqueues the way of all pieces to the device.</summary>
    public void Upload(GpuStreams streams) => CudaCalls.Upload(Device.Pointer, Host.At(0), _used, streams.CopyIn);

    /// <summary>Enqueues the way of all pieces to the host.</summary>
    public void Download(GpuStreams streams) => CudaCalls.Download(Host.At(0), Device.Pointer, _used, streams.CopyOut);

    public void Dispose()
    {
        _host?.Dispose();
        _host = null;
        _device?.Dispose();
        _device = null;
    }

    private void Grow(long bytes)
    {
        long before = _host?.Length ?? 0;

        // First gives the device's back, so that it needs not both.
        _device?.Dispose();
        _device = null;
        PinnedBuffer<byte> larger;
        try
        {
            _device = new DeviceBuffer(bytes, purpose);
            larger = new PinnedBuffer<byte>(bytes, purpose);
        }
        catch (InspectionException)
        {
            _device?.Dispose();
            _device = before > 0 ? new DeviceBuffer(before, purpose) : null;
            throw;
        }

        if (_host is not null)
        {
            _host.CopyTo(larger, _used);
            _host.Dispose();
        }

        _host = larger;
    }
}
