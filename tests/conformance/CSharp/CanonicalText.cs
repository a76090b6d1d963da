using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using YMaskNet.Client;
using YMaskNet.Client.Masks;
using YMaskNet.V1;

namespace YMaskNet.Conformance.CSharp;

/// <summary>Answers as lines of text that hold all that a client gives, to the bit, but for the times.</summary>
internal static class CanonicalText
{
    public static List<string> Of(DetectResponse answer) =>
        [.. Head(answer.ImageSize, answer.Model, answer.Execution), .. answer.Defects.Select(defect => Found("defect", defect, answer.ImageSize))];

    public static List<string> Of(DetectAndSegmentResponse answer) =>
        [.. Head(answer.ImageSize, answer.Model, answer.Execution), .. answer.Defects.Select(defect => Found("defect", defect, answer.ImageSize))];

    public static List<string> Of(SegmentResponse answer)
    {
        List<string> lines =
        [
            .. Head(answer.ImageSize, answer.Model, answer.Execution),
            .. answer.Instances.Select(instance => Found("instance", instance, answer.ImageSize)),
            .. answer.Regions.Select(region => Found(region, answer.ImageSize)),
        ];
        if (!answer.ClassMapPng.IsEmpty)
            lines.Add($"classmap {Convert.ToHexStringLower(answer.ClassMapPng.Span)}");
        return lines;
    }

    public static List<string> Of(InspectBoardResponse answer) =>
    [
        .. Head(answer.ImageSize, answer.Model, answer.Execution),
        $"tiles {answer.Tiling.TileCount} of {Size(answer.Tiling.TileSize)} overlap {answer.Tiling.Overlap}",
        .. answer.Defects.Select(defect => Found("defect", defect, answer.ImageSize)),
        .. answer.Regions.Select(region => Found(region, answer.ImageSize)),
    ];

    public static List<string> Of(FrameResult result)
    {
        string verdict = result.Verdict.ToString().ToUpperInvariant();
        string captured = result.CaptureTime is { } time ? Microseconds(time).ToString(CultureInfo.InvariantCulture) : "-";
        List<string> lines =
            [$"frame {result.FrameId} {verdict} part={result.PartId} captured={captured} rejecting={string.Join(',', result.Rejecting)}"];
        if (result.ImageSize is { } size)
            lines.Add($"image {Size(size)}");
        if (result.Execution is { } execution)
            lines.Add(Ran(execution.ExecutionProvider, execution.Device, execution.Precision));
        if (result.Error is { } error)
            lines.Add(Of(InspectionFailedException.FromFrame(error)));
        lines.AddRange(result.Defects.Select(defect => Found("defect", defect, result.ImageSize!)));
        lines.AddRange(result.Regions.Select(region => Found(region, result.ImageSize!)));
        return lines;
    }

    public static List<string> Opened(ModelReference model, int inFlight) => [.. ModelLines(model), $"in-flight {inFlight}"];

    public static List<string> Of(Model model) =>
    [
        .. ModelLines(model.Reference),
        $"architecture {model.Architecture}",
        $"description {model.Description}",
        $"tasks {string.Join(',', model.Tasks.Select(task => UpperSnakeCase(task.ToString())))}",
        $"input {Size(model.InputSize)} channels {model.InputChannels}",
        $"classes {string.Join(',', model.ClassNames)}",
        $"thresholds {Floats(model.DetectMinScore, model.DetectAndSegmentMinScore, model.NmsIouThreshold)}",
        $"most {model.DefaultMaxDefects} {model.MaxRois}",
        .. model.Files.Select(file => $"manifest {file.Path} {file.Sha256} {file.SizeBytes} {file.Precision}"),
        .. model.Provenance.OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"provenance {pair.Key}={pair.Value}"),
        .. model.Accuracy.OrderBy(pair => pair.Key, StringComparer.Ordinal)
            .Select(pair => $"accuracy {pair.Key}={BitConverter.DoubleToUInt64Bits(pair.Value):x16}"),
        Ran(model.ExecutionProvider, model.Device, model.Precision),
    ];

    /// <summary>The line of a failure. Without a reason the message is gRPC's own, and each library's another.</summary>
    public static string Of(InspectionFailedException failure)
    {
        string message = failure.Reason.Length > 0 ? failure.Message : "-";
        return $"error {Status(failure.StatusCode)} {(failure.Reason.Length > 0 ? failure.Reason : "-")} {failure.Field ?? "-"} {message}";
    }

    private static string Status(StatusCode code) => code == StatusCode.OK ? "OK" : UpperSnakeCase(code.ToString());

    private static string UpperSnakeCase(string name) =>
        string.Concat(name.Select((letter, index) => index > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));

    private static List<string> Head(ImageSize size, ModelReference model, Execution execution) =>
        [$"image {Size(size)}", .. ModelLines(model), Ran(execution.ExecutionProvider, execution.Device, execution.Precision)];

    private static string[] ModelLines(ModelReference model) => [$"model {model.Name}/{model.Version}", $"manifest {model.Sha256}"];

    private static string Ran(string provider, string device, string precision) => $"ran {provider} {device} {precision}";

    private static string Size(ImageSize size) => $"{size.Width}x{size.Height}";

    private static string Found(string name, Defect defect, ImageSize size) =>
        $"{name} {defect.ClassId} {defect.ClassName} score={Floats(defect.Score)} box={Box(defect.Box)}"
        + $" area={defect.Mask?.Area ?? 0} {MaskOf(defect.Mask, size)}";

    private static string Found(Region region, ImageSize size) =>
        $"region {region.ClassId} {region.ClassName} area={region.Area} box={Box(region.Box)}"
        + $" centroid={Floats(region.Centroid.X, region.Centroid.Y)} {MaskOf(region.Mask, size)}";

    /// <summary>The smallest rectangle around the mask, and its rows as bits, the left-most pixel the highest of a byte.</summary>
    private static string MaskOf(Mask? mask, ImageSize size)
    {
        if (mask is null || mask.EncodingCase == Mask.EncodingOneofCase.None)
            return "mask=none";

        MaskBitmap bitmap = MaskDecoder.Decode(mask, (int)size.Width, (int)size.Height)!;
        StringBuilder rows = new();
        byte[] bits = new byte[(bitmap.Width + 7) / 8];
        for (int y = 0; y < bitmap.Height; y++)
        {
            Array.Clear(bits);
            ReadOnlySpan<bool> row = bitmap.Row(y);
            for (int x = 0; x < row.Length; x++)
                bits[x / 8] |= row[x] ? (byte)(0x80 >> (x % 8)) : (byte)0;
            rows.Append(Convert.ToHexStringLower(bits));
        }

        return $"mask={bitmap.X},{bitmap.Y},{bitmap.Width},{bitmap.Height}:{rows}";
    }

    private static string Box(Box box) => Floats(box.X, box.Y, box.Width, box.Height);

    private static string Floats(params ReadOnlySpan<float> values)
    {
        StringBuilder text = new();
        Span<byte> bytes = stackalloc byte[4];
        foreach (float value in values)
        {
            BinaryPrimitives.WriteSingleBigEndian(bytes, value);
            text.Append(text.Length > 0 ? ",f" : "f").Append(Convert.ToHexStringLower(bytes));
        }

        return text.ToString();
    }

    private static long Microseconds(Timestamp time) => (time.Seconds * 1_000_000) + (time.Nanos / 1000);
}
