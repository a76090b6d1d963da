using YMaskNet.Inference.Results;
using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Batching;

/// <summary>What a lane found; it owns its memory.</summary>
internal sealed record LaneResult : IDisposable
{
    /// <summary>In the order of the answer.</summary>
    public ReadOnlyMemory<FoundInstance> Instances { get; init; }

    /// <summary>Where the instances' masks lie.</summary>
    public MaskMemory? MaskMemory { get; init; }

    /// <summary>Semantic models: the class of every pixel.</summary>
    public ClassMap? ClassMap { get; init; }

    /// <summary>Time per operation of the lane.</summary>
    public required LaneTimes Times { get; init; }

    public void Dispose()
    {
        ClassMap?.Dispose();
        MaskMemory?.Dispose();
    }
}

/// <summary>One instance.</summary>
/// <param name="ClassId">Index into the model's classes.</param>
/// <param name="Score">In [0, 1].</param>
/// <param name="Box">In image pixels, inside the image.</param>
/// <param name="Mask">In image pixels, as long as the result lives; <see langword="null"/> where none was made.</param>
internal readonly record struct FoundInstance(int ClassId, float Score, PixelBox Box, BinaryMask? Mask);
