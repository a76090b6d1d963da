using System.Buffers.Binary;

namespace YMaskNet.Imaging.Formats;

/// <summary>The RIFF container of a WebP file.</summary>
internal static class WebpStructure
{
    private const int RiffHeaderLength = 8;

    /// <summary>Whether the file is as long as its RIFF header says.</summary>
    public static bool IsComplete(ReadOnlySpan<byte> file) =>
        file.Length - (long)RiffHeaderLength >= BinaryPrimitives.ReadUInt32LittleEndian(file[4..]);
}
