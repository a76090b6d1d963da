using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using YMaskNet.Imaging;

namespace YMaskNet.Conformance.Driver;

/// <summary>
/// The part of a case's lines that is the same on every machine. Processors differ in the last bits of a float, so that numbers
/// are rounded to thousandths; compressed pictures are decoded; digests of manifests, which change with every field, and
/// sentences for people are left out.
/// </summary>
internal static partial class GoldenText
{
    private const int MostLines = 40;

    /// <summary>The golden lines of a case's lines.</summary>
    public static string[] Of(IReadOnlyList<string> lines)
    {
        string[] golden = [.. lines.Where(line => !line.StartsWith("manifest ", StringComparison.Ordinal)).Select(Line)];
        return golden.Length <= MostLines
            ? golden
            : [$"{golden.Length} lines of SHA-256 {Digest(Encoding.UTF8.GetBytes(string.Join('\n', golden)))}", .. golden.Take(MostLines / 4)];
    }

    private static string Line(string line)
    {
        if (line.StartsWith("error ", StringComparison.Ordinal))
            return string.Join(' ', line.Split(' ').Take(4));
        if (line.StartsWith("classmap ", StringComparison.Ordinal))
            return ClassMap(Convert.FromHexString(line["classmap ".Length..]));
        string rounded = Float().Replace(line, match => Rounded(match.Groups[1].Value));
        return Bits().Replace(rounded, match => $":SHA-256 {Digest(Encoding.ASCII.GetBytes(match.Value))}");
    }

    private static string Rounded(string bits)
    {
        float value = BinaryPrimitives.ReadSingleBigEndian(Convert.FromHexString(bits));
        return Math.Round((double)value, 3).ToString("0.###", CultureInfo.InvariantCulture);
    }

    private static string ClassMap(byte[] file)
    {
        using PixelBuffer picture = ImageDecoder.Decode(file, ImageLimits.Default);
        byte[] classes = new byte[picture.Width * picture.Height];
        for (int row = 0; row < picture.Height; row++)
            picture.Row8(row).CopyTo(classes.AsSpan(row * picture.Width));
        return $"classmap {picture.Width}x{picture.Height} SHA-256 {Digest(classes)}";
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];

    [GeneratedRegex("(?<=[=, ])f([0-9a-f]{8})\\b")]
    private static partial Regex Float();

    // Short ones show what they are.
    [GeneratedRegex(":[0-9a-f]{65,}$")]
    private static partial Regex Bits();
}
