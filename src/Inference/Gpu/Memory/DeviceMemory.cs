namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>What is said where a GPU has too little memory.</summary>
internal static class DeviceMemory
{
    /// <summary>Of an inspection that needed more, or of a start.</summary>
    public static InspectionException Exhausted(long bytes, string purpose, Exception cause) => new(
        InspectionErrorKind.ResourceExhausted,
        "DEVICE_MEMORY_EXHAUSTED",
        FormattableString.Invariant($"The GPU has no {bytes} bytes of memory left for {purpose}."),
        field: null,
        cause);
}
