using YMaskNet.Inference;

namespace YMaskNet.Server.WholeBoards;

/// <summary>Log of boards; event ids 1200 to 1299.</summary>
internal static partial class BoardLog
{
    [LoggerMessage(1200, LogLevel.Information, "Board opened: {Task} with {Model}.")]
    public static partial void Opened(ILogger logger, string model, InspectionTask task);

    [LoggerMessage(1201, LogLevel.Information, "Board for {Model} received to its end.")]
    public static partial void Received(ILogger logger, string model);

    [LoggerMessage(1202, LogLevel.Information, "Board of {Width} x {Height} pixels answered by {Model}: {Tiles} tiles, {Milliseconds} ms.")]
    public static partial void Answered(ILogger logger, string model, int width, int height, int tiles, double milliseconds);
}
