using System.CommandLine;
using System.Globalization;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Commands;

/// <summary><c>--roi x,y,width,height[,class]</c>: a box to outline.</summary>
internal static class RoiOption
{
    public static Option<RegionOfInterest[]> Create() => new("--roi")
    {
        Description = "Box to outline, in image pixels, with --task segment; may be repeated. "
            + "Without a class, the model chooses it.",
        HelpName = "X,Y,WIDTH,HEIGHT[,CLASS]",
        Arity = ArgumentArity.OneOrMore,
        CustomParser = result =>
        {
            List<RegionOfInterest> rois = [];
            foreach (string text in result.Tokens.Select(token => token.Value))
            {
                if (TryParse(text) is { } roi)
                    rois.Add(roi);
                else
                    result.AddError($"--roi takes X,Y,WIDTH,HEIGHT[,CLASS] with a positive width and height, not '{text}'.");
            }

            return [.. rois];
        },
    };

    public static RegionOfInterest? TryParse(string text)
    {
        string[] parts = text.Split(',', 5, StringSplitOptions.TrimEntries);
        float[] numbers = new float[4];
        if (parts.Length < numbers.Length || parts is [.., ""])
            return null;

        for (int i = 0; i < numbers.Length; i++)
        {
            if (!float.TryParse(parts[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !float.IsFinite(numbers[i]))
                return null;
        }

        if (numbers[2] <= 0 || numbers[3] <= 0)
            return null;

        RegionOfInterest roi = new()
        {
            Box = new Box { X = numbers[0], Y = numbers[1], Width = numbers[2], Height = numbers[3] },
        };
        if (parts.Length == 5)
            roi.ClassName = parts[4];
        return roi;
    }
}
