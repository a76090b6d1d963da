using System.CommandLine;
using System.Globalization;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Commands;

/// <summary><c>--raw WIDTHxHEIGHT:FORMAT</c>: the file holds bare pixels.</summary>
internal static class RawOption
{
    private static readonly string Formats =
        string.Join(", ", Enum.GetNames<PixelFormat>().Where(name => name != nameof(PixelFormat.Unspecified)));

    public static Option<RawLayout?> Create() => new("--raw")
    {
        Description = $"The file holds bare pixels, row-major, without padding. Formats: {Formats}.",
        HelpName = "WIDTHxHEIGHT:FORMAT",
        CustomParser = result =>
        {
            string text = result.Tokens[0].Value;
            if (TryParse(text) is { } layout)
                return layout;

            result.AddError($"--raw takes WIDTHxHEIGHT:FORMAT such as 16384x16384:Mono8, not '{text}'; formats: {Formats}.");
            return null;
        },
    };

    public static RawLayout? TryParse(string text)
    {
        string[] parts = text.Split('x', ':');
        return parts.Length == 3
            && int.TryParse(parts[0], NumberStyles.None, CultureInfo.InvariantCulture, out int width)
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int height)
            && width > 0
            && height > 0
            && parts[2].Length > 0
            && char.IsAsciiLetter(parts[2][0])
            && Enum.TryParse(parts[2], ignoreCase: true, out PixelFormat format)
            && format != PixelFormat.Unspecified
            && Enum.IsDefined(format)
                ? new RawLayout(width, height, format)
                : null;
    }
}

/// <summary>How a file of bare pixels is laid out.</summary>
internal sealed record RawLayout(int Width, int Height, PixelFormat Format);
