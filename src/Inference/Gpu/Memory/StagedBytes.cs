namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>Device memory and as much pinned memory, which grow to the largest that was asked for: images of one size allocate once.</summary>
/// <param name="purpose">For the message where there is too little memory.</param>
internal sealed class StagedBytes(string purpose) : IDisposable
{
    private DeviceBuffer? _device;
    private PinnedBuffer<byte>? _host;

    /// <summary>On the device; there after the first <see cref="Ensure"/>.</summary>
    public DeviceBuffer Device => _device ?? throw new InvalidOperationException($"No memory was asked for {purpose}.");

    /// <summary>On the host; there after the first <see cref="Ensure"/>.</summary>
    public PinnedBuffer<byte> Host => _host ?? throw new InvalidOperationException($"No memory was asked for {purpose}.");

    /// <summary>Makes room; what was there is lost where it grows, and nothing may be using it.</summary>
    /// <exception cref="InspectionException">There is not so much memory left; what was there is gone.</exception>
    public void Ensure(int bytes)
    {
        if (_host is not null && _host.Length >= bytes)
            return;

        // First gives back, so that it needs not both.
        Dispose();
        _device = new DeviceBuffer(bytes, purpose);
        _host = new PinnedBuffer<byte>(bytes, purpose);
    }

    public void Dispose()
    {
        _host?.Dispose();
        _host = null;
        _device?.Dispose();
        _device = null;
    }
}
