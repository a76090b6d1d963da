using YMaskNet.Imaging;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>The images that a check inspects.</summary>
internal static class CheckImages
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"];

    /// <summary>All images of a folder and those in it, by name.</summary>
    /// <exception cref="FileNotFoundException">There are none.</exception>
    public static IReadOnlyList<(string Name, EncodedImage Image)> Read(string folder)
    {
        string[] files =
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories)
                .Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal),
        ];
        if (files.Length == 0)
            throw new FileNotFoundException($"There are no images in {folder}.");
        return [.. files.Select(file => (Path.GetRelativePath(folder, file), new EncodedImage(File.ReadAllBytes(file))))];
    }

    /// <summary>The same image as samples.</summary>
    public static SampleImage Decoded(EncodedImage image)
    {
        using PixelBuffer pixels = ImageDecoder.Decode(image.Data.Span, ImageLimits.Default);
        int rowBytes = pixels.Width * pixels.Channels * (pixels.BitsPerSample / 8);
        byte[] samples = new byte[pixels.Height * rowBytes];
        for (int y = 0; y < pixels.Height; y++)
            pixels.RowBytes(y)[..rowBytes].CopyTo(samples.AsSpan(y * rowBytes));
        int largest = pixels.BitsPerSample == 8 ? byte.MaxValue : ushort.MaxValue;
        return new SampleImage(samples, pixels.Width, pixels.Height, pixels.Channels, pixels.BitsPerSample, largest);
    }
}
