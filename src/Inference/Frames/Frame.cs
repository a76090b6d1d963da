using System.Runtime.InteropServices;
using YMaskNet.Imaging;

namespace YMaskNet.Inference.Frames;

/// <summary>
/// The pixels of one image, decoded: [height, width, channels], row-major, top row first, channels interleaved in the
/// order red, green, blue; 8-bit samples, or 16-bit ones in the machine's byte order.
/// </summary>
/// <remarks>
/// The pixels lie in a pooled buffer, which <see cref="Dispose"/> gives back, or, where a raw image needs no
/// conversion, still in the caller's memory. Where that is shared with a caller, samples may change between two readings.
/// </remarks>
internal sealed class Frame : IDisposable
{
    private readonly PixelBuffer? _owned;
    private readonly ReadOnlyMemory<byte> _pixels;
    private readonly int _stride;

    /// <summary>Takes over a buffer.</summary>
    public Frame(PixelBuffer pixels)
    {
        _owned = pixels;
        _pixels = pixels.Memory;
        _stride = pixels.Stride;
        Width = pixels.Width;
        Height = pixels.Height;
        Channels = pixels.Channels;
        BitsPerSample = pixels.BitsPerSample;
        MaxSample = pixels.BitsPerSample == 8 ? byte.MaxValue : ushort.MaxValue;
    }

    /// <summary>Looks at a caller's memory, which holds height - 1 strides and one row at least.</summary>
    public Frame(ReadOnlyMemory<byte> pixels, int width, int height, int stride, int channels, int bitsPerSample, int maxSample)
    {
        _pixels = pixels;
        _stride = stride;
        Width = width;
        Height = height;
        Channels = channels;
        BitsPerSample = bitsPerSample;
        MaxSample = maxSample;
    }

    /// <summary>Unit: pixels. Range: >= 1.</summary>
    public int Width { get; }

    /// <summary>Unit: pixels. Range: >= 1.</summary>
    public int Height { get; }

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>8 or 16: how samples are stored.</summary>
    public int BitsPerSample { get; }

    /// <summary>The sample that stands for 1.0: 255, 1023, 4095 or 65535.</summary>
    public int MaxSample { get; }

    /// <summary>Keeps the caller's memory in place; disposed of with the frame.</summary>
    public IDisposable? Lender { get; set; }

    /// <summary>One row of 8-bit samples: width * channels.</summary>
    public ReadOnlySpan<byte> Row8(int y) => RowBytes(y, Width * Channels);

    /// <summary>One row of 16-bit samples: width * channels.</summary>
    public ReadOnlySpan<ushort> Row16(int y) => MemoryMarshal.Cast<byte, ushort>(RowBytes(y, Width * Channels * 2));

    /// <summary>Gives pooled memory back; the frame must not be used any more.</summary>
    public void Dispose()
    {
        _owned?.Dispose();
        Lender?.Dispose();
    }

    /// <summary>One row's bytes, whatever the depth.</summary>
    public ReadOnlySpan<byte> RowBytes(int y) => RowBytes(y, Width * Channels * (BitsPerSample / 8));

    private ReadOnlySpan<byte> RowBytes(int y, int length) => _pixels.Span.Slice(y * _stride, length);
}
