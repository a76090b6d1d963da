namespace YMaskNet.Imaging.Formats;

/// <summary>
/// Tells files that end too early from damaged ones: walks a file's structure to its end without decoding anything.
/// Where the structure makes no sense the file counts as complete, and the decoder says that it is damaged.
/// </summary>
internal static class FileCompleteness
{
    /// <summary>Whether all bytes that the file's own structure announces are there.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> file, ImageFileFormat format) => format switch
    {
        ImageFileFormat.Jpeg => JpegStructure.IsComplete(file),
        ImageFileFormat.Png => PngStructure.IsComplete(file),
        ImageFileFormat.Tiff => TiffStructure.IsComplete(file),
        ImageFileFormat.WebP => WebpStructure.IsComplete(file),
        // The BMP reader checks every access itself.
        ImageFileFormat.Bmp => true,
        _ => throw new ArgumentOutOfRangeException(nameof(format), format, "Not a file format."),
    };
}
