using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Gpu.Memory;

namespace YMaskNet.Inference.Gpu;

/// <summary>One slot's frame on its way to the device: pixels as they are, rows without padding.</summary>
internal sealed class FrameStage : IDisposable
{
    private readonly StagedBytes _pixels = new("an image");

    /// <summary>Copies a frame into pinned memory and enqueues its upload; the frame is not needed after this.</summary>
    /// <returns>What the kernels are told of it.</returns>
    /// <exception cref="InspectionException">There is too little memory.</exception>
    public KernelSlot Upload(Frame frame, in Letterbox letterbox, KernelTask task, GpuStreams streams)
    {
        int rowBytes = frame.Width * frame.Channels * (frame.BitsPerSample / 8);
        int bytes = checked(rowBytes * frame.Height);
        _pixels.Ensure(bytes);

        // Pooled and callers' memory is not pinned, and a caller's ends with its inspection.
        Span<byte> pinned = _pixels.Host.Values;
        for (int y = 0; y < frame.Height; y++)
            frame.RowBytes(y).CopyTo(pinned[(y * rowBytes)..]);
        CudaCalls.Upload(_pixels.Device.Pointer, _pixels.Host.At(0), bytes, streams.CopyIn);

        KernelSlot slot = KernelSlot.Of(task, letterbox);
        slot.Pixels = _pixels.Device.Address;
        slot.Stride = rowBytes;
        slot.MaxSample = frame.MaxSample;
        slot.Format = (frame.Channels, frame.BitsPerSample) switch
        {
            (1, 8) => KernelFormat.Grey8,
            (1, _) => KernelFormat.Grey16,
            (_, 8) => KernelFormat.Rgb8,
            _ => KernelFormat.Rgb16,
        };
        return slot;
    }

    public void Dispose() => _pixels.Dispose();
}
