using YMaskNet.Client.Tool.Images;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.Imaging;

namespace YMaskNet.Client.Tool.Overlays;

/// <summary>The folder that pictures of the results go to: <c>board.png</c>'s is <c>board.overlay.png</c>.</summary>
internal sealed class OverlayFolder
{
    private const string Suffix = ".overlay.png";

    private readonly Dictionary<ImageFile, string> _paths;

    private OverlayFolder(string path, Dictionary<ImageFile, string> paths)
    {
        Path = path;
        _paths = paths;
    }

    public string Path { get; }

    /// <summary>Makes the folder, and plans a file for each image.</summary>
    public static OverlayFolder Create(string path, IReadOnlyList<ImageFile> files)
    {
        Directory.CreateDirectory(path);
        HashSet<string> sharedStems = [.. files.CountBy(StemOf).Where(stem => stem.Value > 1).Select(stem => stem.Key)];
        // a.jpg and a.tif: the whole name tells them apart.
        return new OverlayFolder(path, files.ToDictionary(
            file => file,
            file => System.IO.Path.Combine(path, (sharedStems.Contains(StemOf(file)) ? Relative(file) : StemOf(file)) + Suffix)));
    }

    /// <summary>Draws an image's results.</summary>
    /// <exception cref="OverlayException">The image, the answer's masks or the folder do not allow it.</exception>
    public void Write(InspectedImage image)
    {
        try
        {
            Canvas canvas = Load(image.File);
            OverlayPainter.Paint(canvas, image);
            string path = _paths[image.File];
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, canvas.ToPng());
        }
        catch (Exception exception) when (exception is ImageDecodeException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            throw new OverlayException($"{image.File.Name}: no overlay: {exception.Message}", exception);
        }
    }

    private static Canvas Load(ImageFile file)
    {
        using PixelBuffer pixels = ImageDecoder.Decode(File.ReadAllBytes(file.Path), ImageLimits.Default);
        return Canvas.From(pixels);
    }

    private static string StemOf(ImageFile file) => System.IO.Path.ChangeExtension(Relative(file), null);

    /// <summary>An image's name may be a full path, or lead upwards; its overlay stays inside the folder.</summary>
    private static string Relative(ImageFile file) =>
        string.Join('/', file.Name.Split('/', ':').Where(part => part is not ("" or "." or "..")));
}
