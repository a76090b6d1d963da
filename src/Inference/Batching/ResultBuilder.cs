using YMaskNet.Imaging;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;
using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Batching;

/// <summary>Makes a caller's result of what a lane found: names, encoded masks, regions. Runs off the lane's thread.</summary>
internal static class ResultBuilder
{
    /// <exception cref="InspectionException">There is no such format.</exception>
    public static void CheckFormat(MaskFormat format)
    {
        if (!Enum.IsDefined(format))
        {
            throw new InspectionException(
                InspectionErrorKind.InvalidArgument, "MASK_FORMAT_UNKNOWN", $"There is no mask format {format}.", "mask_format");
        }
    }

    public static InspectionResult Build(
        ModelManifest manifest, InspectionRequest request, int width, int height, LaneResult found, string executionProvider, string device)
    {
        InspectionResult result = new()
        {
            ImageWidth = width,
            ImageHeight = height,
            ExecutionProvider = executionProvider,
            Device = device,
            Times = new StageTimes(),
            Defects = [.. found.Instances.Select(instance => ToDefect(manifest, request.MaskFormat, width, height, instance))],
        };
        if (found.ClassMap is not { } map)
            return result;
        return result with
        {
            Regions = FindRegions(manifest, request.MaskFormat, map),
            ClassMapPng = request.IncludeClassMap ? PngEncoder.EncodeGray8(map.Classes, map.Width, map.Height) : null,
        };
    }

    private static Defect ToDefect(ModelManifest manifest, MaskFormat format, int width, int height, FoundInstance instance) => new(
        instance.ClassId,
        manifest.Classes[instance.ClassId],
        instance.Score,
        instance.Box,
        instance.Mask is { } mask ? MaskEncoder.Encode(mask, width, height, format) : null);

    private static Region[] FindRegions(ModelManifest manifest, MaskFormat format, ClassMap map)
    {
        IReadOnlyList<ConnectedRegion> regions =
            ConnectedRegions.Find(map.Classes, map.Width, map.Height, manifest.Semantic!.BackgroundClass);
        return
        [
            .. regions.Select(region => new Region(
                region.ClassId,
                manifest.Classes[region.ClassId],
                region.Area,
                region.Box,
                region.CentroidX,
                region.CentroidY,
                MaskEncoder.Encode(region.Mask, map.Width, map.Height, format))),
        ];
    }
}
