using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Inference.Gpu.Memory;

namespace YMaskNet.Inference.Gpu;

/// <summary>
/// A lane's streams: copies to the device, computation, copies to the host. Each keeps its own order; events order them among
/// one another.
/// </summary>
internal sealed class GpuStreams : IDisposable
{
    private readonly OwnedResources _owned = new();

    public GpuStreams()
    {
        CopyIn = _owned.Add(new CudaStream(CUStreamFlags.NonBlocking));
        Compute = _owned.Add(new CudaStream(CUStreamFlags.NonBlocking));
        CopyOut = _owned.Add(new CudaStream(CUStreamFlags.NonBlocking));
    }

    public CudaStream CopyIn { get; }

    /// <summary>Shared with ONNX Runtime.</summary>
    public CudaStream Compute { get; }

    public CudaStream CopyOut { get; }

    /// <summary>Waits for everything.</summary>
    public void Synchronize()
    {
        CopyIn.Synchronize();
        Compute.Synchronize();
        CopyOut.Synchronize();
    }

    public void Dispose() => _owned.Dispose();
}
