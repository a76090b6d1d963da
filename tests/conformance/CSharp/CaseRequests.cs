using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Google.Protobuf.WellKnownTypes;
using YMaskNet.Client;
using YMaskNet.V1;
using Enum = System.Enum;

namespace YMaskNet.Conformance.CSharp;

/// <summary>What cases say of options, boxes and recipes, as this client has it.</summary>
internal static class CaseRequests
{
    public static InspectionOptions Options(JsonNode item) => new()
    {
        Model = (string?)item["model"] ?? "",
        MinScore = (float?)(double?)item["min_score"],
        NmsIouThreshold = (float?)(double?)item["nms_iou_threshold"],
        MaxDefects = (int?)item["max_defects"],
        MaskFormat = Choice<MaskFormat>((string?)item["mask_format"] ?? "COCO_RLE"),
        IncludeClassMap = (bool?)item["class_map"] ?? false,
        MinRegionArea = (uint?)item["min_region_area"],
    };

    public static SessionOptions Session(JsonNode item) => new()
    {
        Task = Choice<V1.Task>((string)item["task"]!),
        Inspection = Options(item),
        FramePolicy = Choice<FramePolicy>((string?)item["policy"] ?? "BLOCK"),
        MaxFramesInFlight = (int?)item["in_flight"],
        Priority = Choice<Priority>((string?)item["priority"] ?? "NORMAL"),
        Recipe = item["recipe"] is { } recipe ? ToRecipe(recipe) : null,
    };

    public static List<RegionOfInterest> Rois(JsonNode item) => [.. (item["rois"]?.AsArray() ?? []).Select(roi => ToRoi(roi!))];

    public static Frame ToFrame(JsonNode item, ImageInput image, ulong offset)
    {
        Frame frame = image.ToFrame(FrameId(item["id"]!) + offset, Rois(item));
        frame.PartId = (int?)item["part_bytes"] is { } bytes ? new string('p', bytes) : (string?)item["part"] ?? "";
        if ((long?)item["captured_us"] is { } captured)
            frame.CaptureTime = ToTimestamp(captured);
        if ((long?)item["deadline_us"] is { } deadline)
            frame.Deadline = ToTimestamp(deadline);
        if ((long?)item["time_limit_ms"] is { } limit)
            frame.TimeLimit = Duration.FromTimeSpan(TimeSpan.FromMilliseconds(limit));
        return frame;
    }

    /// <summary>A choice by its name on the wire, but for the prefix.</summary>
    public static T Choice<T>(string name)
        where T : struct, Enum => Enum.Parse<T>(name.Replace("_", "", StringComparison.Ordinal), ignoreCase: true);

    // JSON's numbers end at 2^53 for some readers; larger ids are text.
    private static ulong FrameId(JsonNode id) =>
        id.GetValueKind() == JsonValueKind.String ? ulong.Parse((string)id!, CultureInfo.InvariantCulture) : (ulong)id;

    private static Timestamp ToTimestamp(long microseconds) =>
        new() { Seconds = microseconds / 1_000_000, Nanos = (int)(microseconds % 1_000_000) * 1000 };

    private static RegionOfInterest ToRoi(JsonNode roi)
    {
        RegionOfInterest region = new() { Box = ToBox(roi["box"]!) };
        if ((string?)roi["class"] is { } name)
            region.ClassName = name;
        return region;
    }

    private static Box ToBox(JsonNode box) =>
        new() { X = (float)(double)box[0]!, Y = (float)(double)box[1]!, Width = (float)(double)box[2]!, Height = (float)(double)box[3]! };

    private static Recipe ToRecipe(JsonNode item)
    {
        Recipe recipe = new();
        if (item["default"] is { } rule)
            recipe.DefaultRule = ToRule(rule);
        foreach ((string name, JsonNode? classRule) in item["classes"]?.AsObject() ?? [])
            recipe.ClassRules.Add(new NamedClassRule { ClassName = name, Rule = ToRule(classRule!) });
        if ((double?)item["millimetres_per_pixel"] is { } millimetres)
            recipe.MillimetresPerPixel = millimetres;
        for (int turn = 0; turn < ((int?)item["repeat_ignored"] ?? 1); turn++)
            recipe.IgnoredAreas.AddRange((item["ignored"]?.AsArray() ?? []).Select(box => ToBox(box!)));
        return recipe;
    }

    private static ClassRule ToRule(JsonNode item)
    {
        ClassRule rule = new() { Ignored = (bool?)item["ignored"] ?? false };
        if ((double?)item["min_score"] is { } score)
            rule.MinScore = (float)score;
        if ((double?)item["min_area_pixels"] is { } pixels)
            rule.MinAreaPixels = pixels;
        if ((double?)item["min_area_mm2"] is { } squareMillimetres)
            rule.MinAreaMm2 = squareMillimetres;
        return rule;
    }
}
