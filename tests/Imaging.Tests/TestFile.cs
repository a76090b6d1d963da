namespace YMaskNet.Imaging.Tests;

/// <summary>The committed files, which make_files.py made, and what Pillow decodes from them.</summary>
internal static class TestFile
{
    public const int Width = 24;
    public const int Height = 17;

    public static byte[] Read(string name)
    {
        using Stream stream = typeof(TestFile).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException($"The tests have no file {name}.");
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        return bytes.ToArray();
    }

    public static byte[] ReadPixels(string name) => Read(name + ".pixels");
}
