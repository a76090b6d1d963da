using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Tests.Batching;

internal static class TestJobs
{
    private static readonly InspectionFlow OneFlow = new();

    public static Frame Pixel { get; } = NewPixel();

    public static Frame NewPixel() => new(new byte[1], 1, 1, stride: 1, channels: 1, bitsPerSample: 8, maxSample: 255);

    public static InspectionJob Job(
        Frame? frame = null,
        InspectionTask task = InspectionTask.Detect,
        InspectionFlow? flow = null,
        InspectionPriority priority = InspectionPriority.Normal,
        InspectionDeadline? deadline = null,
        CancellationToken cancellationToken = default) =>
        new(
            frame ?? Pixel,
            new InspectionPlan(task, default, 0.5f),
            [],
            new JobTurn(flow ?? OneFlow, priority, deadline),
            cancellationToken);
}
