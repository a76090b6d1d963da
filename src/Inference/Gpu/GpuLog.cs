using Microsoft.Extensions.Logging;

namespace YMaskNet.Inference.Gpu;

/// <summary>Log messages about GPUs: event ids 4000 to 4999.</summary>
internal static partial class GpuLog
{
    [LoggerMessage(4000, LogLevel.Information, "Models run on the CPU: {Reason}")]
    public static partial void CpuChosen(ILogger logger, string reason);

    [LoggerMessage(4001, LogLevel.Information, "Models run on the GPU: {Device}")]
    public static partial void GpuChosen(ILogger logger, string device);

    [LoggerMessage(
        4002, LogLevel.Warning,
        "A batch of the model {Model} has masks of {NeededBytes} bytes; there was room for {ArenaBytes}, and they are made again in a larger room")]
    public static partial void ArenaTooSmall(ILogger logger, string model, long neededBytes, long arenaBytes);
}
