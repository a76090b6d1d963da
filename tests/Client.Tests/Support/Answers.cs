using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Support;

/// <summary>Messages that several tests need.</summary>
internal static class Answers
{
    public static ModelReference Reference { get; } = new() { Name = "boards", Version = "3", Sha256 = new string('a', 64) };

    public static Execution Execution { get; } = new()
    {
        ExecutionProvider = "CPUExecutionProvider",
        Device = "cpu",
        Times = new StageTimes { DecodeMs = 2, Stage1Ms = 30, TotalMs = 40 },
    };

    public static Model InstanceModel() => NewModel("ymasknet", WireTask.Detect, WireTask.Segment, WireTask.DetectAndSegment);

    public static Model DetectorModel() => NewModel("yolov5", WireTask.Detect);

    public static Model SemanticModel() => NewModel("unet", WireTask.Segment);

    public static Defect NewDefect(string className, uint classId, float score, Box box, Mask? mask = null) =>
        new() { ClassName = className, ClassId = classId, Score = score, Box = box, Mask = mask };

    public static Box NewBox(float x, float y, float width, float height) => new() { X = x, Y = y, Width = width, Height = height };

    public static Mask RunLengths(int height, int width, string counts, ulong area) =>
        new() { CocoRle = new CocoRle { Height = (uint)height, Width = (uint)width, Counts = counts }, Area = area };

    private static Model NewModel(string architecture, params WireTask[] tasks) => new()
    {
        Reference = Reference,
        Architecture = architecture,
        Tasks = { tasks },
        InputSize = new ImageSize { Width = 640, Height = 640 },
        InputChannels = 1,
        ClassNames = { "open", "short" },
        ExecutionProvider = "CPUExecutionProvider",
        Device = "cpu",
        MaxRois = 300,
    };
}
