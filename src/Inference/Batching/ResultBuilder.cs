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

    /// <exception cref="InspectionException">The area is out of range, or the model makes no regions.</exception>
    public static void CheckMinRegionArea(ModelManifest manifest, long? area)
    {
        if (area is null)
            return;
        if (manifest.Semantic is null)
        {
            throw new InspectionException(
                InspectionErrorKind.InvalidArgument,
                "MIN_REGION_AREA_NOT_SUPPORTED",
                $"The model {manifest.Reference} makes no regions; min_region_area must not be set.",
                "min_region_area");
        }

        if (area < 1)
        {
            throw new InspectionException(
                InspectionErrorKind.InvalidArgument,
                "MIN_REGION_AREA_OUT_OF_RANGE",
                $"min_region_area is {area}; it must be at least 1.",
                "min_region_area");
        }
    }

    /// <summary>Makes of what was found in an image what its caller gets.</summary>
    public static Findings Build(ModelManifest manifest, InspectionRequest request, int width, int height, LaneResult found)
    {
        Defect[] defects = ToDefects(manifest, request, width, height, found.Instances.Span);
        if (found.ClassMap is not { } map)
            return new Findings(defects, [], ClassMapPng: null, Classes: null);
        if (request.KeepsPixels)
            return new Findings(defects, [], ClassMapPng: null, map.Classes.ToArray());
        IReadOnlyList<ConnectedRegion> regions = KeepLarge(manifest, request, map);
        return new Findings(
            defects,
            [.. regions.Select(region => ToRegion(manifest, request.MaskFormat, map, region))],
            request.IncludeClassMap ? PngEncoder.EncodeGray8(map.Classes, map.Width, map.Height) : null,
            Classes: null);
    }

    private static Defect[] ToDefects(
        ModelManifest manifest, InspectionRequest request, int width, int height, ReadOnlySpan<FoundInstance> instances)
    {
        if (instances.IsEmpty)
            return [];
        Defect[] defects = new Defect[instances.Length];
        for (int index = 0; index < defects.Length; index++)
            defects[index] = ToDefect(manifest, request, width, height, instances[index]);
        return defects;
    }

    private static Defect ToDefect(
        ModelManifest manifest, InspectionRequest request, int width, int height, in FoundInstance instance) => new(
        instance.ClassId,
        manifest.Classes[instance.ClassId],
        instance.Score,
        instance.Box,
        instance.Mask is not { } mask ? null
            : request.KeepsPixels ? new BitMask(mask.Copied())
            : MaskEncoder.Encode(mask, width, height, request.MaskFormat));

    /// <summary>The regions that are large enough; the others become background in the map too.</summary>
    private static List<ConnectedRegion> KeepLarge(ModelManifest manifest, InspectionRequest request, ClassMap map)
    {
        SemanticDescription semantic = manifest.Semantic!;
        long minArea = request.MinRegionArea ?? semantic.MinRegionArea ?? 1;
        List<ConnectedRegion> kept = [];
        foreach (ConnectedRegion region in ConnectedRegions.Find(map.Classes, map.Width, map.Height, semantic.BackgroundClass))
        {
            if (region.Area >= minArea)
                kept.Add(region);
            else
                map.Fill(region.Mask, (byte)semantic.BackgroundClass);
        }

        return kept;
    }

    private static Region ToRegion(ModelManifest manifest, MaskFormat format, ClassMap map, ConnectedRegion region) => new(
        region.ClassId,
        manifest.Classes[region.ClassId],
        region.Area,
        region.Box,
        region.CentroidX,
        region.CentroidY,
        MaskEncoder.Encode(region.Mask, map.Width, map.Height, format));
}
