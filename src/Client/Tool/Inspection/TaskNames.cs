using WireTask = YMaskNet.V1.Task;

namespace YMaskNet.Client.Tool.Inspection;

/// <summary>The wire's tasks under the names that <c>--task</c> has for them.</summary>
internal static class TaskNames
{
    public static string Of(WireTask task) => task switch
    {
        WireTask.Detect => "detect",
        WireTask.Segment => "segment",
        WireTask.DetectAndSegment => "both",
        _ => task.ToString(),
    };
}
