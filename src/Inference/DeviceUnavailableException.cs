namespace YMaskNet.Inference;

/// <summary>The engine can't start on the device that it has to run on.</summary>
/// <param name="device">The device, for example <c>cuda:0</c>.</param>
/// <param name="reason">One sentence: what is missing or wrong.</param>
/// <param name="innerException">What caused it, if anything did.</param>
public sealed class DeviceUnavailableException(string device, string reason, Exception? innerException = null)
    : Exception($"can't run on {device}: {reason}", innerException)
{
    /// <summary>The device, for example <c>cuda:0</c>.</summary>
    public string Device { get; } = device;
}
