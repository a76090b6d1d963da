using System.Globalization;
using YMaskNet.Inference;
using YMaskNet.Inference.Results;

namespace YMaskNet.Parity.Tests;

/// <summary>Compares what the engine found with what PyTorch found, and keeps what differs in words.</summary>
/// <param name="scoreTolerance">How far scores may lie apart.</param>
internal sealed class Agreement(double scoreTolerance = Agreement.ScoreTolerance)
{
    /// <summary>Of networks in 32-bit floating point.</summary>
    public const double ScoreTolerance = 1e-3;

    /// <summary>
    /// Of networks in 8 bits, which compute the same to the last bit, but for values that reach them (samples that are not
    /// 8-bit levels, the regions' features) within floating point's rounding of the middle between two steps.
    /// </summary>
    public const double Int8ScoreTolerance = 5e-3;

    private const double BoxTolerance = 0.5;
    private const int MaskPixels = 2;
    private const double MaskPart = 0.01;
    private const double AgreeingMasks = 0.99;

    // Boxes further apart than this are other defects, not the same with an error.
    private const double Reach = 8 * BoxTolerance;

    private readonly List<string> _failures = [];
    private readonly List<string> _otherMasks = [];

    /// <summary>Number of defects that both have.</summary>
    public int Matched { get; private set; }

    /// <summary>Number of masks compared.</summary>
    public int Masks { get; private set; }

    /// <summary>
    /// Adds an image. A defect that only one side has is excused where its score is within the tolerance of the
    /// threshold, or of the last of a list that is full.
    /// </summary>
    public void Compare(Golden golden, InspectionResult actual)
    {
        ArgumentNullException.ThrowIfNull(golden);
        ArgumentNullException.ThrowIfNull(actual);
        if ((actual.ImageWidth, actual.ImageHeight) != (golden.Width, golden.Height))
        {
            Fail(golden, $"size {actual.ImageWidth} x {actual.ImageHeight}, expected {golden.Width} x {golden.Height}");
        }

        double cut = Cut(golden, actual) + scoreTolerance;
        List<Defect> free = [.. actual.Defects];
        foreach (GoldenDefect expected in golden.Defects)
        {
            Defect? found = free
                .Where(defect => defect.ClassName == expected.Class && BoxDistance(expected.Box, defect.Box) <= Reach)
                .MinBy(defect => BoxDistance(expected.Box, defect.Box) + Math.Abs(expected.Score - defect.Score));
            if (found is not null)
            {
                free.Remove(found);
                ComparePair(golden, expected, found);
            }
            else if (expected.Score > cut)
            {
                Fail(golden, $"no {Describe(expected)}");
            }
        }

        foreach (Defect extra in free.Where(defect => defect.Score > cut))
        {
            Fail(golden, $"a {extra.ClassName} of score {extra.Score} at {extra.Box} that PyTorch does not find");
        }
    }

    /// <summary>Compares defects that stand for given boxes: one by one, in their order.</summary>
    public void CompareInOrder(Golden golden, InspectionResult actual)
    {
        ArgumentNullException.ThrowIfNull(golden);
        ArgumentNullException.ThrowIfNull(actual);
        if (actual.Defects.Count != golden.Defects.Count)
        {
            Fail(golden, $"{actual.Defects.Count} defects for {golden.Defects.Count} regions");
            return;
        }

        foreach ((GoldenDefect expected, Defect found) in golden.Defects.Zip(actual.Defects))
        {
            if (found.ClassName != expected.Class)
            {
                Fail(golden, $"{found.ClassName} in place of {Describe(expected)}");
            }

            ComparePair(golden, expected, found);
        }
    }

    /// <summary>Compares the regions of a semantic model, one by one, in their order.</summary>
    public void CompareRegions(Golden golden, InspectionResult actual)
    {
        ArgumentNullException.ThrowIfNull(golden);
        ArgumentNullException.ThrowIfNull(actual);
        IReadOnlyList<GoldenRegion> expected = golden.Regions!;
        if (!expected.Select(region => region.Class).SequenceEqual(actual.Regions.Select(region => region.ClassName)))
        {
            string found = string.Join(", ", actual.Regions.Select(region => region.ClassName));
            Fail(golden, $"regions {found} in place of {string.Join(", ", expected.Select(region => region.Class))}");
            return;
        }

        foreach ((GoldenRegion region, Region found) in expected.Zip(actual.Regions))
        {
            string name = string.Create(CultureInfo.InvariantCulture, $"{region.Class} of {region.Area} pixels at ({region.Box.X}, {region.Box.Y})");
            CompareMasks(golden, name, region.Mask, found.Mask);
            double moved = Math.Max(Math.Abs(region.Centroid.X - found.CentroidX), Math.Abs(region.Centroid.Y - found.CentroidY));
            if (!(moved <= BoxTolerance))
            {
                Fail(golden, $"centroid of {name}: {moved:0.000} px off");
            }
        }
    }

    /// <summary>Everything that breaks the agreement, a line each; empty where it holds.</summary>
    public string Failures()
    {
        List<string> failures = [.. _failures];
        if (Masks - _otherMasks.Count < AgreeingMasks * Masks)
        {
            failures.AddRange(_otherMasks);
        }

        return string.Join(Environment.NewLine, failures);
    }

    private static double Cut(Golden golden, InspectionResult actual)
    {
        double cut = golden.MinScore ?? 0;
        if (golden.MaxDefects is { } limit)
        {
            cut = golden.Defects.Count >= limit ? Math.Max(cut, golden.Defects[^1].Score) : cut;
            cut = actual.Defects.Count >= limit ? Math.Max(cut, actual.Defects[^1].Score) : cut;
        }

        return cut;
    }

    private void ComparePair(Golden golden, GoldenDefect expected, Defect found)
    {
        Matched++;
        double box = BoxDistance(expected.Box, found.Box);
        if (!(box <= BoxTolerance))
        {
            Fail(golden, $"box {found.Box} of {Describe(expected)}: {box:0.000} px off");
        }

        double score = Math.Abs(found.Score - expected.Score);
        if (!(score <= scoreTolerance))
        {
            Fail(golden, $"score {found.Score} of {Describe(expected)}: {score:0.00000} off");
        }

        if (expected.Mask is { } mask)
        {
            CompareMasks(golden, Describe(expected), mask, found.Mask);
        }
    }

    private void CompareMasks(Golden golden, string name, GoldenMask mask, Mask? found)
    {
        long pixels = (long)golden.Width * golden.Height;
        HashSet<long> wanted = RunLengths.Decode(mask.Counts, pixels);
        HashSet<long>? actual = found switch
        {
            CocoRleMask run => RunLengths.Decode(run.Counts, pixels),
            AreaMask { Area: 0 } => [],
            _ => null,
        };
        if (actual is null || found!.Area != actual.Count)
        {
            Fail(golden, $"no mask, or of another area than it has pixels, for {name}");
            return;
        }

        int area = wanted.Count;
        wanted.SymmetricExceptWith(actual);
        Masks++;
        if (wanted.Count > Math.Max(MaskPixels, MaskPart * area))
        {
            _otherMasks.Add($"{golden.Image}: mask of {name} differs in {wanted.Count} of {area} pixels");
        }
    }

    private static double BoxDistance(GoldenBox expected, PixelBox actual) => new[]
    {
        Math.Abs(expected.X - actual.X),
        Math.Abs(expected.Y - actual.Y),
        Math.Abs(expected.X + expected.Width - actual.X - actual.Width),
        Math.Abs(expected.Y + expected.Height - actual.Y - actual.Height),
    }.Max();

    private static string Describe(GoldenDefect defect) => string.Create(
        CultureInfo.InvariantCulture,
        $"{defect.Class} of score {defect.Score:0.00000} at ({defect.Box.X:0.00}, {defect.Box.Y:0.00})");

    private void Fail(Golden golden, FormattableString message) =>
        _failures.Add($"{golden.Image}: {FormattableString.Invariant(message)}");
}
