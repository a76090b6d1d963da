using System.Diagnostics.Metrics;

namespace YMaskNet.Inference.Gpu;

/// <summary>
/// Tells whoever listens of every copy between the host and a device: how many there are and how large. Without a listener it
/// costs a comparison.
/// </summary>
internal static class CopyMeter
{
    /// <summary>The meter's name, for listeners.</summary>
    public const string Name = "YMaskNet.Inference.Gpu";

    /// <summary>The instrument: the size of each copy in bytes.</summary>
    public const string SizeInstrument = "ymasknet.gpu.copy.size";

    /// <summary>The tag that tells which way a copy goes.</summary>
    public const string DirectionTag = "direction";

    /// <summary>From the host to the device.</summary>
    public const string ToDeviceDirection = "to_device";

    /// <summary>From the device to the host.</summary>
    public const string ToHostDirection = "to_host";

    private static readonly Meter Meter = new(Name);

    private static readonly Histogram<long> Size =
        Meter.CreateHistogram<long>(SizeInstrument, unit: "By", description: "Size of the copies between the host and the device.");

    public static void ToDevice(long bytes) => Size.Record(bytes, new KeyValuePair<string, object?>(DirectionTag, ToDeviceDirection));

    public static void ToHost(long bytes) => Size.Record(bytes, new KeyValuePair<string, object?>(DirectionTag, ToHostDirection));
}
