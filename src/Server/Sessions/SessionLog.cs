using YMaskNet.Inference;

namespace YMaskNet.Server.Sessions;

/// <summary>Log of sessions; event ids 1100 to 1199.</summary>
internal static partial class SessionLog
{
    [LoggerMessage(1100, LogLevel.Information, "Session opened: {Task} with {Model}, policy {Policy}, priority {Priority}.")]
    public static partial void Opened(ILogger logger, string model, InspectionTask task, FramePolicy policy, InspectionPriority priority);

    [LoggerMessage(1101, LogLevel.Information, "Session with {Model} closed after {Frames} answered frames.")]
    public static partial void Closed(ILogger logger, string model, long frames);
}
