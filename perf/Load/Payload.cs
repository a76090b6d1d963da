using YMaskNet.Client;
using YMaskNet.Imaging;
using YMaskNet.V1;

namespace YMaskNet.Perf.Load;

/// <summary>Images as they go over the wire.</summary>
internal static class Payload
{
    private static readonly string[] Extensions = [".png", ".jpg", ".jpeg", ".bmp", ".tif", ".tiff", ".webp"];

    /// <summary>A file, or all images of a folder.</summary>
    /// <param name="path">The file or folder.</param>
    /// <param name="decode">Whether to send pixels in place of files.</param>
    public static IReadOnlyList<ImageInput> Read(string path, bool decode)
    {
        string[] files = Directory.Exists(path)
            ? [.. Directory.EnumerateFiles(path).Where(file => Extensions.Contains(Path.GetExtension(file), StringComparer.OrdinalIgnoreCase)).Order(StringComparer.Ordinal)]
            : [path];
        if (files.Length == 0)
            throw new FileNotFoundException($"There are no images in {path}.");
        return [.. files.Select(file => decode ? Pixels(file) : ImageInput.FromFile(file))];
    }

    private static ImageInput Pixels(string file)
    {
        using PixelBuffer pixels = ImageDecoder.Decode(File.ReadAllBytes(file), ImageLimits.Default);
        PixelFormat format = (pixels.Channels, pixels.BitsPerSample) switch
        {
            (1, 8) => PixelFormat.Mono8,
            (1, 16) => PixelFormat.Mono16,
            (3, 8) => PixelFormat.Rgb8,
            _ => throw new NotSupportedException($"{file} has 16-bit colour, for which there is no raw format."),
        };
        int rowBytes = pixels.Width * pixels.Channels * (pixels.BitsPerSample / 8);
        byte[] data = new byte[pixels.Height * rowBytes];
        for (int y = 0; y < pixels.Height; y++)
            pixels.RowBytes(y)[..rowBytes].CopyTo(data.AsSpan(y * rowBytes));
        return ImageInput.FromRaw(data, format, pixels.Width, pixels.Height);
    }
}
