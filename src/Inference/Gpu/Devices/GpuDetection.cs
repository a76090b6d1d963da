namespace YMaskNet.Inference.Gpu.Devices;

/// <summary>Whether this process can use a GPU, and if not, why not.</summary>
/// <param name="Obstacle">The first obstacle found.</param>
/// <param name="Reason">One sentence for whoever runs the server; empty when there is no obstacle.</param>
/// <param name="Devices">The usable devices; empty when there is an obstacle.</param>
internal sealed record GpuDetection(GpuObstacle Obstacle, string Reason, IReadOnlyList<GpuDevice> Devices)
{
    public static GpuDetection Usable(IReadOnlyList<GpuDevice> devices) => new(GpuObstacle.None, "", devices);

    public static GpuDetection Because(GpuObstacle obstacle, string reason) => new(obstacle, reason, []);
}
