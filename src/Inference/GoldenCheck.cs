using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference;

/// <summary>
/// Inspects a package's golden images and compares what comes out with what its training wrote down: a model that computes
/// something else on this machine is not put to use.
/// </summary>
internal static class GoldenCheck
{
    private const float BoxTolerance = 0.5f;
    private const float ScoreTolerance = 1e-3f;

    // What reaches 8-bit networks within floating point's rounding of the middle between two steps may go to either.
    private const float Int8ScoreTolerance = 5e-3f;
    private const double AreaTolerance = 0.01;

    /// <exception cref="ModelPackageException">A golden is unreadable, or the result differs from it.</exception>
    public static async Task RunAsync(ModelPackage package, InspectionModel model, CancellationToken cancellationToken)
    {
        foreach (GoldenImage golden in package.Manifest.Goldens.Where(entry => entry.Precision == model.Precision))
        {
            GoldenResult expected = GoldenResult.Read(package, golden);
            EncodedImage image = new(package.ReadFile(golden.Image));
            try
            {
                InspectionResult found = await model.InspectAsync(Request(model.Manifest, image), cancellationToken).ConfigureAwait(false);
                float tolerance = model.Precision == ModelPrecision.Int8 ? Int8ScoreTolerance : ScoreTolerance;
                string? difference = Difference(expected, found, DefaultMinScore(model.Manifest), tolerance);
                if (difference is not null)
                    throw new ModelPackageException(package.Resolve(golden.Image), $"the model finds something else than {golden.Expected} says: {difference}");
            }
            catch (InspectionException exception)
            {
                throw new ModelPackageException(package.Resolve(golden.Image), exception.Message, exception);
            }
        }
    }

    /// <summary>The first difference in words; <see langword="null"/> where there is none.</summary>
    internal static string? Difference(GoldenResult expected, InspectionResult found, float minScore, float scoreTolerance = ScoreTolerance)
    {
        List<Defect> unmatched = [.. found.Defects];
        foreach (GoldenDefect defect in expected.Defects)
        {
            int match = unmatched.FindIndex(candidate => Matches(defect, candidate, scoreTolerance));
            if (match >= 0)
                unmatched.RemoveAt(match);
            else if (defect.Score >= minScore + scoreTolerance)
                return FormattableString.Invariant($"no {defect.Class} of score {defect.Score} at ({defect.Box.X}, {defect.Box.Y})");
        }

        // What lies at the threshold may fall on either side of it.
        if (unmatched.Find(defect => defect.Score >= minScore + scoreTolerance) is { } surplus)
            return FormattableString.Invariant($"a {surplus.ClassName} of score {surplus.Score} at ({surplus.Box.X}, {surplus.Box.Y}) that is not expected");

        if (expected.Regions.Count != found.Regions.Count)
            return FormattableString.Invariant($"{found.Regions.Count} regions in place of {expected.Regions.Count}");
        GoldenRegion? missing = expected.Regions.FirstOrDefault(region => !found.Regions.Any(candidate => Matches(region, candidate)));
        return missing is null ? null : FormattableString.Invariant($"no {missing.Class} of {missing.Area} pixels at ({missing.Box.X}, {missing.Box.Y})");
    }

    private static InspectionRequest Request(ModelManifest manifest, EncodedImage image)
    {
        InspectionTask task = manifest.Tasks.Contains(InspectionTask.DetectAndSegment) ? InspectionTask.DetectAndSegment
            : manifest.Semantic is not null ? InspectionTask.Segment
            : InspectionTask.Detect;
        return new InspectionRequest(image, task) { MaskFormat = MaskFormat.None };
    }

    private static float DefaultMinScore(ModelManifest manifest) => manifest.Detection is not { } detection ? 0f
        : manifest.Tasks.Contains(InspectionTask.DetectAndSegment) ? detection.DetectAndSegmentMinScore
        : detection.DetectMinScore;

    private static bool Matches(GoldenDefect expected, Defect found, float scoreTolerance) =>
        expected.Class == found.ClassName
        && Math.Abs(expected.Score - found.Score) <= scoreTolerance
        && Matches(expected.Box, found.Box);

    private static bool Matches(GoldenRegion expected, Region found) =>
        expected.Class == found.ClassName
        && Math.Abs(expected.Area - found.Area) <= Math.Max(2.0, expected.Area * AreaTolerance)
        && Matches(expected.Box, found.Box, BoxTolerance + 1f);

    private static bool Matches(GoldenBox expected, in PixelBox found, float tolerance = BoxTolerance) =>
        Math.Abs(expected.X - found.X) <= tolerance
        && Math.Abs(expected.Y - found.Y) <= tolerance
        && Math.Abs(expected.X + expected.Width - found.X - found.Width) <= tolerance
        && Math.Abs(expected.Y + expected.Height - found.Y - found.Height) <= tolerance;
}
