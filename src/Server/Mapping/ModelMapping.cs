using System.Globalization;
using YMaskNet.Inference;
using YMaskNet.Inference.Models;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Mapping;

/// <summary>Models as the wire describes them.</summary>
internal static class ModelMapping
{
    public static Wire.ModelReference ToReference(InspectionModel model) => new()
    {
        Name = model.Manifest.Name,
        Version = model.Manifest.Version.ToString(CultureInfo.InvariantCulture),
        Sha256 = model.Sha256,
    };

    public static Wire.Model ToWire(InspectionModel model)
    {
        ModelManifest manifest = model.Manifest;
        DetectionDescription? detection = manifest.Detection;
        return new Wire.Model
        {
            Reference = ToReference(model),
            Architecture = ToWire(manifest.Architecture),
            Description = manifest.Description,
            Tasks = { manifest.Tasks.Select(ToWire) },
            InputSize = new Wire.ImageSize { Width = (uint)manifest.Input.Width, Height = (uint)manifest.Input.Height },
            InputChannels = (uint)manifest.Input.ChannelCount,
            ClassNames = { manifest.Classes },
            DetectMinScore = detection?.DetectMinScore ?? 0,
            DetectAndSegmentMinScore = detection?.DetectAndSegmentMinScore ?? 0,
            NmsIouThreshold = detection?.NmsIouThreshold ?? 0,
            DefaultMaxDefects = (uint)(detection?.DefaultMaxDefects ?? 0),
            MaxRois = (uint)(detection?.MaxRois ?? 0),
            Files = { model.Files.Select(ToWire) },
            Provenance = { manifest.Provenance.ToDictionary() },
            Accuracy = { manifest.Accuracy.ToDictionary() },
            ExecutionProvider = model.ExecutionProvider,
            Device = model.Device,
            Precision = ToWire(model.Precision),
        };
    }

    public static string ToWire(ModelPrecision precision) => precision switch
    {
        ModelPrecision.Fp32 => "fp32",
        ModelPrecision.Int8 => "int8",
        _ => throw new ArgumentOutOfRangeException(nameof(precision), precision, "The wire has no such precision."),
    };

    private static Wire.ModelFile ToWire(ModelFileInfo file) =>
        new() { Path = file.Path, Sha256 = file.Sha256, SizeBytes = (ulong)file.SizeBytes, Precision = ToWire(file.Precision) };

    private static Wire.Task ToWire(InspectionTask task) => task switch
    {
        InspectionTask.Detect => Wire.Task.Detect,
        InspectionTask.Segment => Wire.Task.Segment,
        InspectionTask.DetectAndSegment => Wire.Task.DetectAndSegment,
        _ => throw new ArgumentOutOfRangeException(nameof(task), task, "The wire has no such task."),
    };

    private static string ToWire(ModelArchitecture architecture) => architecture switch
    {
        ModelArchitecture.YMaskNet => "ymasknet",
        ModelArchitecture.YoloV5 => "yolov5",
        ModelArchitecture.UNet => "unet",
        _ => throw new ArgumentOutOfRangeException(nameof(architecture), architecture, "The wire has no such architecture."),
    };
}
