using Microsoft.Extensions.Logging;

namespace YMaskNet.Inference.Batching;

/// <summary>Log messages of the pipeline: event ids 3000 to 3999.</summary>
internal static partial class PipelineLog
{
    [LoggerMessage(3000, LogLevel.Error, "An inspection with the model {Model} failed on its lane")]
    public static partial void InspectionFailed(ILogger logger, string model, Exception exception);

    [LoggerMessage(3001, LogLevel.Critical, "The model {Model} has lost its device {Device}; its lane has ended")]
    public static partial void DeviceLost(ILogger logger, string model, string device, Exception exception);
}
