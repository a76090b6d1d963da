using System.Buffers;
using System.Runtime.InteropServices;

namespace YMaskNet.Imaging;

/// <summary>
/// Pixels of an image, [height, width, channels], row-major, top row first, channels interleaved in the order
/// red, green, blue; 8-bit samples, or 16-bit ones in the machine's byte order.
/// </summary>
/// <remarks>
/// Owns memory from the shared pool: <see cref="Dispose"/> gives it back, after which the pixels must not be touched.
/// Invariant: rows are adjacent, <see cref="Stride"/> = width * channels * bytes per sample.
/// </remarks>
public sealed class PixelBuffer : IDisposable
{
    private byte[]? _rented;

    private PixelBuffer(byte[] rented, int width, int height, int channels, int bitsPerSample, int stride)
    {
        _rented = rented;
        Width = width;
        Height = height;
        Channels = channels;
        BitsPerSample = bitsPerSample;
        Stride = stride;
    }

    /// <summary>Unit: pixels. Range: >= 1.</summary>
    public int Width { get; }

    /// <summary>Unit: pixels. Range: >= 1.</summary>
    public int Height { get; }

    /// <summary>1 (grey) or 3 (red, green, blue).</summary>
    public int Channels { get; }

    /// <summary>8 or 16.</summary>
    public int BitsPerSample { get; }

    /// <summary>Bytes from row to row.</summary>
    public int Stride { get; }

    /// <summary>All rows: height * stride bytes.</summary>
    public Memory<byte> Memory => Owned.AsMemory(0, Stride * Height);

    /// <summary>All rows: height * stride bytes.</summary>
    public Span<byte> Bytes => Owned.AsSpan(0, Stride * Height);

    private byte[] Owned
    {
        get
        {
            ObjectDisposedException.ThrowIf(_rented is null, this);
            return _rented;
        }
    }

    /// <summary>Takes memory for an image from the pool. Its contents are whatever was there before.</summary>
    /// <param name="width">Range: >= 1.</param>
    /// <param name="height">Range: >= 1.</param>
    /// <param name="channels">1 or 3.</param>
    /// <param name="bitsPerSample">8 or 16.</param>
    /// <exception cref="ArgumentOutOfRangeException">A value is out of range, or the image needs more than 2 GiB.</exception>
    public static PixelBuffer Allocate(int width, int height, int channels, int bitsPerSample)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        if (channels is not (1 or 3))
            throw new ArgumentOutOfRangeException(nameof(channels), channels, "Images have 1 or 3 channels.");
        if (bitsPerSample is not (8 or 16))
            throw new ArgumentOutOfRangeException(nameof(bitsPerSample), bitsPerSample, "Samples have 8 or 16 bits.");

        if (!Fits(width, height, channels, bitsPerSample))
        {
            throw new ArgumentOutOfRangeException(
                nameof(height), height, $"An image of {width} x {height} x {channels} samples does not fit into 2 GiB.");
        }

        int stride = width * channels * (bitsPerSample / 8);
        byte[] rented = ArrayPool<byte>.Shared.Rent(stride * height);
        return new PixelBuffer(rented, width, height, channels, bitsPerSample, stride);
    }

    /// <summary>Whether an image fits into one buffer of at most 2 GiB.</summary>
    internal static bool Fits(int width, int height, int channels, int bitsPerSample) =>
        (long)width * channels * (bitsPerSample / 8) <= Array.MaxLength / height;

    /// <summary>One row's bytes, whatever the depth.</summary>
    public Span<byte> RowBytes(int y)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)y, (uint)Height, nameof(y));
        return Owned.AsSpan(y * Stride, Stride);
    }

    /// <summary>One row of an 8-bit image: width * channels samples.</summary>
    /// <exception cref="InvalidOperationException">The image has 16-bit samples.</exception>
    public Span<byte> Row8(int y)
    {
        if (BitsPerSample != 8)
            throw new InvalidOperationException("This image has 16-bit samples; Row8 is for 8-bit ones.");
        return RowBytes(y);
    }

    /// <summary>One row of a 16-bit image: width * channels samples.</summary>
    /// <exception cref="InvalidOperationException">The image has 8-bit samples.</exception>
    public Span<ushort> Row16(int y)
    {
        if (BitsPerSample != 16)
            throw new InvalidOperationException("This image has 8-bit samples; Row16 is for 16-bit ones.");
        return MemoryMarshal.Cast<byte, ushort>(RowBytes(y));
    }

    /// <summary>Gives the memory back to the pool. Later calls do nothing.</summary>
    public void Dispose()
    {
        byte[]? rented = Interlocked.Exchange(ref _rented, null);
        if (rented is not null)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
