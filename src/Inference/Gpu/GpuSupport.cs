using YMaskNet.Inference.Gpu.Devices;
using YMaskNet.Inference.Gpu.Networks;

namespace YMaskNet.Inference.Gpu;

/// <summary>What an engine needs to know of GPUs.</summary>
/// <param name="Detect">Looks for usable devices.</param>
/// <param name="Networks">Where ONNX Runtime runs the networks.</param>
internal sealed record GpuSupport(Func<GpuDetection> Detect, INetworkProvider Networks)
{
    /// <summary>The machine's own GPUs.</summary>
    /// <param name="usesGraphs">Whether networks run as CUDA graphs.</param>
    public static GpuSupport OfMachine(bool usesGraphs) =>
        new(() => GpuDevices.Detect(OnnxRuntimeFolder.Find()), new CudaNetworkProvider(usesGraphs));

    /// <summary>Memory of a batch's masks to begin with; see <see cref="GpuLaneSettings.ArenaBytes"/>.</summary>
    public int ArenaBytes { get; init; } = GpuLaneSettings.UsualArenaBytes;

    /// <summary>How a model's lanes run on a device.</summary>
    public GpuLaneSettings SettingsOf(GpuDevice device, int maxBatch) => new(device.Ordinal, Networks, maxBatch) { ArenaBytes = ArenaBytes };
}
