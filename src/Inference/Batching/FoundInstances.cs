using System.Buffers;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Batching;

/// <summary>The instances of a result and their masks, in pooled memory, which disposing gives back.</summary>
/// <param name="most">Most instances.</param>
/// <param name="maskBytes">What their masks take together.</param>
internal sealed class FoundInstances(int most, long maskBytes) : IDisposable
{
    private FoundInstance[] _rented = ArrayPool<FoundInstance>.Shared.Rent(most);
    private int _count;

    /// <summary>No instances.</summary>
    public static FoundInstances None => new(0, 0);

    /// <summary>Where their masks lie.</summary>
    public MaskMemory Masks { get; } = new(maskBytes);

    /// <summary>The instances; not to be used after <see cref="Dispose"/>.</summary>
    public ReadOnlySpan<FoundInstance> Span => _rented.AsSpan(0, _count);

    /// <summary>Adds one more.</summary>
    public void Add(in FoundInstance instance) => _rented[_count++] = instance;

    /// <summary>Gives the memory back to the pools. Later calls do nothing.</summary>
    public void Dispose()
    {
        Masks.Dispose();
        FoundInstance[] rented = Interlocked.Exchange(ref _rented, []);
        if (rented.Length == 0)
            return;

        // They name the masks' memory.
        rented.AsSpan(0, _count).Clear();
        _count = 0;
        ArrayPool<FoundInstance>.Shared.Return(rented);
    }
}

/// <summary>One instance.</summary>
/// <param name="ClassId">Index into the model's classes.</param>
/// <param name="Score">In [0, 1].</param>
/// <param name="Box">In image pixels, inside the image.</param>
/// <param name="Mask">In image pixels, as long as the result lives; <see langword="null"/> where none was made.</param>
internal readonly record struct FoundInstance(int ClassId, float Score, PixelBox Box, BinaryMask? Mask);
