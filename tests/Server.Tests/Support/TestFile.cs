namespace YMaskNet.Server.Tests.Support;

/// <summary>Files that are embedded in this assembly.</summary>
internal static class TestFile
{
    public static byte[] Read(string name)
    {
        using Stream stream = typeof(TestFile).Assembly.GetManifestResourceStream(name)
            ?? throw new FileNotFoundException("The assembly has no such file.", name);
        byte[] bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }
}
