using YMaskNet.Imaging.Formats;

namespace YMaskNet.Imaging.Libvips;

/// <summary>Decodes JPEG, PNG, TIFF and WebP through libvips.</summary>
internal static unsafe class VipsDecoder
{
    // Bounds what is held twice, in libvips' strip and in the caller's buffer.
    private const int StripBytes = 1 << 20;

    /// <summary>What the header says.</summary>
    public static ImageInfo ReadInfo(ReadOnlySpan<byte> file, ImageFileFormat format)
    {
        fixed (byte* data = file)
        {
            using GObjectHandle image = Open(data, file.Length, format);
            using GObjectHandle converted = ToGreyOrRgb(image, format);
            return Describe(converted, format);
        }
    }

    /// <summary>Decodes the pixels.</summary>
    public static PixelBuffer Decode(
        ReadOnlySpan<byte> file, ImageFileFormat format, ImageLimits limits, CancellationToken cancellationToken)
    {
        // libvips reads the caller's memory until the image is released, so it stays pinned all that time.
        fixed (byte* data = file)
        {
            using GObjectHandle image = Open(data, file.Length, format);
            using GObjectHandle converted = ToGreyOrRgb(image, format);
            ImageInfo info = Describe(converted, format);
            limits.Check(info);
            return Fetch(converted, info, cancellationToken);
        }
    }

    private static GObjectHandle Open(byte* data, int length, ImageFileFormat format)
    {
        string loader = format switch
        {
            ImageFileFormat.Jpeg => "jpegload_buffer",
            ImageFileFormat.Png => "pngload_buffer",
            ImageFileFormat.Tiff => "tiffload_buffer",
            ImageFileFormat.WebP => "webpload_buffer",
            _ => throw new ArgumentOutOfRangeException(nameof(format), format, "libvips does not read this format."),
        };

        using var load = new VipsOperation(loader);
        load.Set("buffer", data, length);
        load.Set("access", "sequential");
        // libjpeg reports corrupt data as a warning. Elsewhere warnings are about metadata, for example private TIFF tags.
        load.Set("fail_on", format == ImageFileFormat.Jpeg ? "warning" : "error");
        return Run(load, format);
    }

    private static GObjectHandle ToGreyOrRgb(GObjectHandle image, ImageFileFormat format)
    {
        if (VipsNative.GetInterpretation(image) != VipsInterpretation.Cmyk)
            return new GObjectHandle(VipsNative.RefObject(image));

        using var convert = new VipsOperation("colourspace");
        convert.Set("in", image);
        convert.Set("space", "srgb");
        return Run(convert, format);
    }

    private static GObjectHandle Run(VipsOperation operation, ImageFileFormat format)
    {
        try
        {
            return operation.Run();
        }
        catch (VipsException exception)
        {
            throw Damaged(format, exception);
        }
    }

    private static ImageInfo Describe(GObjectHandle image, ImageFileFormat format)
    {
        int bands = VipsNative.GetBands(image);
        VipsBandFormat samples = VipsNative.GetFormat(image);
        VipsInterpretation interpretation = VipsNative.GetInterpretation(image);
        int channels = interpretation switch
        {
            VipsInterpretation.Grey or VipsInterpretation.Grey16 when bands is 1 or 2 => 1,
            VipsInterpretation.Srgb or VipsInterpretation.Rgb16 when bands is 3 or 4 => 3,
            VipsInterpretation.Multiband when bands is 1 => 1,
            _ => throw new ImageDecodeException(
                ImageDecodeError.Unsupported,
                $"{format.DisplayName()} files with {bands} channels of this kind are not read; grey, colour and CMYK ones are."),
        };
        int bits = samples switch
        {
            VipsBandFormat.UInt8 => 8,
            VipsBandFormat.UInt16 => 16,
            _ => throw new ImageDecodeException(
                ImageDecodeError.Unsupported,
                $"{format.DisplayName()} files are read with unsigned samples of up to 8, or of 16 bits; this one has others."),
        };
        return new ImageInfo(format, VipsNative.GetWidth(image), VipsNative.GetHeight(image), channels, bits);
    }

    private static PixelBuffer Fetch(GObjectHandle image, in ImageInfo info, CancellationToken cancellationToken)
    {
        int bands = VipsNative.GetBands(image);
        long rowBytes = (long)info.Width * bands * (info.BitsPerSample / 8);
        int stripHeight = (int)Math.Clamp(StripBytes / rowBytes, 1, info.Height);

        PixelBuffer pixels = PixelBuffer.Allocate(info.Width, info.Height, info.Channels, info.BitsPerSample);
        try
        {
            using var region = new GObjectHandle(VipsNative.NewRegion(image));
            if (region.IsInvalid)
                throw VipsException.TakeLast("vips_region_new");

            for (int top = 0; top < info.Height; top += stripHeight)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int height = Math.Min(stripHeight, info.Height - top);
                FetchStrip(region, top, height, bands, pixels);
            }

            return pixels;
        }
        catch (VipsException exception)
        {
            pixels.Dispose();
            throw Damaged(info.Format, exception);
        }
        catch
        {
            pixels.Dispose();
            throw;
        }
    }

    private static void FetchStrip(GObjectHandle region, int top, int height, int bands, PixelBuffer pixels)
    {
        byte* strip = VipsNative.FetchRegion(region, left: 0, top, pixels.Width, height, out nuint length);
        if (strip is null)
            throw VipsException.TakeLast("vips_region_fetch");

        try
        {
            var source = new ReadOnlySpan<byte>(strip, checked((int)length));
            Span<byte> target = pixels.Bytes.Slice(top * pixels.Stride, height * pixels.Stride);
            int sampleBytes = pixels.BitsPerSample / 8;
            if (bands == pixels.Channels)
                source.CopyTo(target);
            else
                DropAlpha(source, bands * sampleBytes, target, pixels.Channels * sampleBytes);
        }
        finally
        {
            VipsNative.Free(strip);
        }
    }

    private static void DropAlpha(ReadOnlySpan<byte> source, int sourcePixel, Span<byte> target, int targetPixel)
    {
        for (int from = 0, to = 0; to < target.Length; from += sourcePixel, to += targetPixel)
        {
            for (int i = 0; i < targetPixel; i++)
                target[to + i] = source[from + i];
        }
    }

    private static ImageDecodeException Damaged(ImageFileFormat format, VipsException exception) =>
        new(ImageDecodeError.Damaged, $"The {format.DisplayName()} file is damaged ({exception.Message}).");
}
