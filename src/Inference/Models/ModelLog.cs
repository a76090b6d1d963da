using Microsoft.Extensions.Logging;

namespace YMaskNet.Inference.Models;

/// <summary>Log messages about models: event ids 2000 to 2999.</summary>
internal static partial class ModelLog
{
    [LoggerMessage(2000, LogLevel.Information, "Loaded the model {Model} (SHA-256 {Sha256}) in {Precision} on {ExecutionProvider}, {Device}, {Lanes} lanes")]
    public static partial void Loaded(
        ILogger logger, string model, string sha256, ModelPrecision precision, string executionProvider, string device, int lanes);
}
