using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>Where the candidates of a batch lie between the kernels that find, sort and suppress them.</summary>
internal sealed class CandidateMemory : IDisposable
{
    private readonly OwnedResources _owned = new();

    /// <exception cref="InspectionException">The device has too little memory.</exception>
    public CandidateMemory(ModelManifest manifest, DetectionDescription detection, int maxBatch)
    {
        AnchorCount = detection.Heads.Sum(head => ModelParameters.AnchorsOf(head, manifest.Input));
        KeyCapacity = ModelParameters.KeyCapacity(AnchorCount);
        const string Purpose = "the candidates";
        try
        {
            Keys = _owned.Add(new DeviceBuffer((long)maxBatch * KeyCapacity * sizeof(ulong), Purpose));
            Boxes = _owned.Add(new DeviceBuffer((long)maxBatch * AnchorCount * 4 * sizeof(float), Purpose));
            Classes = _owned.Add(new DeviceBuffer((long)maxBatch * AnchorCount * sizeof(int), Purpose));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Of all heads.</summary>
    public int AnchorCount { get; }

    /// <summary>Keys that a slot has room for.</summary>
    public int KeyCapacity { get; }

    /// <summary><c>[N, KeyCapacity]</c> uint64.</summary>
    public DeviceBuffer Keys { get; }

    /// <summary><c>[N, AnchorCount]</c> of <see cref="CornerBox"/>.</summary>
    public DeviceBuffer Boxes { get; }

    /// <summary><c>[N, AnchorCount]</c> int32.</summary>
    public DeviceBuffer Classes { get; }

    public void Dispose() => _owned.Dispose();
}
