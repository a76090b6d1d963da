using System.Numerics;
using System.Runtime.InteropServices;
using YMaskNet.Imaging;

namespace YMaskNet.Inference.Frames;

/// <summary>Checks raw images and makes frames of them, without a copy where the pixels can stay as they are.</summary>
internal static class RawFrameReader
{
    /// <summary>Makes a frame of a raw image.</summary>
    /// <exception cref="InspectionException">The image contradicts itself or is too large.</exception>
    public static Frame Read(RawImage image, FrameLimits limits)
    {
        RawLayout layout = RawLayout.Of(image.Format);
        CheckSize(image, layout, limits);
        int stride = CheckedStride(image, layout);
        CheckLength(image, layout, stride);

        return image.Format switch
        {
            PixelFormat.Bgr8 => new Frame(SwapBlueAndRed(image, stride)),
            PixelFormat.BayerRG8 => new Frame(BayerMosaic.Interpolate(image.Data.Span, image.Width, image.Height, stride)),
            PixelFormat.Rgb8 => new Frame(image.Data, image.Width, image.Height, stride, channels: 3, bitsPerSample: 8, layout.MaxSample),
            PixelFormat.Mono8 => new Frame(image.Data, image.Width, image.Height, stride, channels: 1, bitsPerSample: 8, layout.MaxSample),
            _ => Mono16(image, stride, layout),
        };
    }

    private static void CheckSize(RawImage image, in RawLayout layout, FrameLimits limits)
    {
        CheckSide(image.Width, image, layout, limits, "width");
        CheckSide(image.Height, image, layout, limits, "height");

        // A frame in another format than the caller's takes three bytes a pixel at most, in one array.
        long pixels = (long)image.Width * image.Height;
        long most = Math.Min(limits.MaxPixels, Array.MaxLength / 3);
        if (pixels > most)
        {
            throw new InspectionException(
                InspectionErrorKind.ResourceExhausted,
                "IMAGE_TOO_LARGE",
                $"The image has {image.Width} x {image.Height} = {pixels} pixels; at most {most} are accepted.",
                "image.raw");
        }
    }

    private static void CheckSide(int side, RawImage image, in RawLayout layout, FrameLimits limits, string field)
    {
        if (side < layout.MinSide)
        {
            throw Invalid(
                "RAW_DIMENSIONS_OUT_OF_RANGE",
                $"The {field} is {side}; {image.Format} images are {layout.MinSide} to {limits.MaxSide} pixels a side.",
                field);
        }

        if (side > limits.MaxSide)
        {
            throw new InspectionException(
                InspectionErrorKind.ResourceExhausted,
                "IMAGE_TOO_LARGE",
                $"The {field} is {side}; at most {limits.MaxSide} pixels a side are accepted.",
                $"image.raw.{field}");
        }
    }

    private static int CheckedStride(RawImage image, in RawLayout layout)
    {
        long rowBytes = (long)image.Width * layout.BytesPerPixel;
        long stride = image.Stride == 0 ? rowBytes : image.Stride;
        if (stride < rowBytes)
        {
            throw Invalid(
                "RAW_STRIDE_TOO_SMALL",
                $"The stride is {stride} bytes; a row of {image.Width} {image.Format} pixels has {rowBytes}.",
                "stride");
        }

        return (int)stride;
    }

    private static void CheckLength(RawImage image, in RawLayout layout, int stride)
    {
        if (image.Data.IsEmpty)
            throw Invalid("IMAGE_EMPTY", "The raw image has no bytes.", "data");

        long most = (long)stride * image.Height;
        long least = (most - stride) + ((long)image.Width * layout.BytesPerPixel);
        if (image.Data.Length < least || image.Data.Length > most)
        {
            string expected = least == most ? $"{most}" : $"{least} to {most}";
            throw Invalid(
                "RAW_SIZE_MISMATCH",
                $"The data has {image.Data.Length} bytes; {image.Width} x {image.Height} {image.Format} pixels"
                + $" with a stride of {stride} have {expected}.",
                "data");
        }
    }

    private static Frame Mono16(RawImage image, int stride, in RawLayout layout)
    {
        // The format's byte order is little-endian, as is that of every machine this runs on.
        var frame = new Frame(image.Data, image.Width, image.Height, stride, channels: 1, bitsPerSample: 16, layout.MaxSample);
        if (layout.MaxSample < ushort.MaxValue)
        {
            for (int y = 0; y < frame.Height; y++)
                CheckSamples(MemoryMarshal.AsBytes(frame.Row16(y)), y, image.Format, layout.MaxSample, "image.raw.data");
        }

        return frame;
    }

    /// <summary>Refuses a row of 16-bit words with one above the format's largest sample.</summary>
    /// <param name="bytes">The row, little-endian.</param>
    /// <param name="y">Its number, for the message.</param>
    /// <param name="format">The format.</param>
    /// <param name="maxSample">The format's largest sample: all ones in the low bits.</param>
    /// <param name="field">Path of the field that the row came in.</param>
    /// <exception cref="InspectionException">A sample is larger.</exception>
    internal static void CheckSamples(ReadOnlySpan<byte> bytes, int y, PixelFormat format, int maxSample, string field)
    {
        ReadOnlySpan<ushort> row = MemoryMarshal.Cast<byte, ushort>(bytes);

        // The largest sample is all ones in the low bits, so any bit above tells a sample that is too large.
        ReadOnlySpan<Vector<ushort>> vectors = MemoryMarshal.Cast<ushort, Vector<ushort>>(row);
        Vector<ushort> anyBits = Vector<ushort>.Zero;
        foreach (Vector<ushort> samples in vectors)
            anyBits |= samples;
        int rest = vectors.Length * Vector<ushort>.Count;
        bool isWithin = Vector.LessThanOrEqualAll(anyBits, new Vector<ushort>((ushort)maxSample))
            && row[rest..].IndexOfAnyExceptInRange((ushort)0, (ushort)maxSample) < 0;
        if (isWithin)
            return;

        // In shared memory a sample may have changed since; each is read once here, and none need be found.
        for (int x = 0; x < row.Length; x++)
        {
            int sample = row[x];
            if (sample > maxSample)
            {
                throw new InspectionException(
                    InspectionErrorKind.InvalidArgument,
                    "SAMPLE_OUT_OF_RANGE",
                    $"The sample at ({x}, {y}) is {sample}; {format} samples are 0 to {maxSample}.",
                    field);
            }
        }
    }

    /// <summary>Changes a row of blue, green, red to red, green, blue.</summary>
    internal static void SwapBlueAndRed(ReadOnlySpan<byte> bgr, Span<byte> rgb)
    {
        for (int i = 0; i < rgb.Length; i += 3)
        {
            rgb[i] = bgr[i + 2];
            rgb[i + 1] = bgr[i + 1];
            rgb[i + 2] = bgr[i];
        }
    }

    private static PixelBuffer SwapBlueAndRed(RawImage image, int stride)
    {
        PixelBuffer pixels = PixelBuffer.Allocate(image.Width, image.Height, channels: 3, bitsPerSample: 8);
        for (int y = 0; y < image.Height; y++)
        {
            Span<byte> rgb = pixels.Row8(y);
            SwapBlueAndRed(image.Data.Span.Slice(y * stride, rgb.Length), rgb);
        }

        return pixels;
    }

    private static InspectionException Invalid(string reason, string message, string field) =>
        new(InspectionErrorKind.InvalidArgument, reason, message, $"image.raw.{field}");
}
