using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace YMaskNet.Inference.Regions;

/// <summary>
/// The weighted sums along a row of a RoIAlign, a vector of bins at a time: neighbouring bins draw on neighbouring pixels, so
/// that the pixels of a group of bins fit into a register or two, from which every tap picks its own. The sums are those of a
/// loop over the taps to the last bit. One thread owns an instance; it allocates nothing after its construction.
/// </summary>
internal sealed class ColumnGroups
{
    private static readonly int Lanes = LanesOfMachine();

    // Pixels that a tap can pick from: two registers of AVX-512, one of AVX2.
    private static readonly int Reach = Lanes == Vector512<float>.Count ? 2 * Lanes : Lanes;

    private readonly int _binCount;
    private readonly int _tapCount;
    private readonly int _groupCount;

    // First pixel of each group; index and weight by group, tap and bin.
    private readonly int[] _first;
    private readonly int[] _index;
    private readonly float[] _weight;

    /// <param name="binCount">Bins along the row.</param>
    /// <param name="tapCount">Source pixels of a bin.</param>
    public ColumnGroups(int binCount, int tapCount)
    {
        _binCount = binCount;
        _tapCount = tapCount;
        _groupCount = Lanes == 0 ? 0 : (binCount + Lanes - 1) / Lanes;
        _first = new int[_groupCount];
        _index = new int[_groupCount * tapCount * Lanes];
        _weight = new float[_groupCount * tapCount * Lanes];
    }

    /// <summary>How many pixels a row of sources must have beyond its last.</summary>
    public static int Padding => Reach;

    /// <summary>Length of <see cref="Sum"/>'s result: the bins, filled up to whole groups.</summary>
    public int PaddedBinCount => _groupCount * Lanes;

    /// <summary>
    /// Takes over the bins of an axis; <see langword="false"/> where the machine has no such vectors, or a group draws on more
    /// pixels than they hold.
    /// </summary>
    public bool TryPlace(SampleAxis axis)
    {
        if (Lanes == 0)
            return false;
        for (int group = 0; group < _groupCount; group++)
        {
            int firstBin = group * Lanes;
            int bins = Math.Min(Lanes, _binCount - firstBin);
            ReadOnlySpan<int> indices = axis.Indices.Slice(firstBin * _tapCount, bins * _tapCount);
            ReadOnlySpan<float> weights = axis.Weights.Slice(firstBin * _tapCount, bins * _tapCount);
            int first = int.MaxValue;
            int last = 0;
            foreach (int index in indices)
            {
                first = Math.Min(first, index);
                last = Math.Max(last, index);
            }

            if (last - first >= Reach)
                return false;
            _first[group] = first;
            int target = group * _tapCount * Lanes;
            for (int bin = 0; bin < bins; bin++)
            {
                for (int tap = 0; tap < _tapCount; tap++)
                {
                    _index[target + (tap * Lanes) + bin] = indices[(bin * _tapCount) + tap] - first;
                    _weight[target + (tap * Lanes) + bin] = weights[(bin * _tapCount) + tap];
                }
            }
        }

        return true;
    }

    /// <summary>The sums of all bins.</summary>
    /// <param name="row">The row, with <see cref="Padding"/> more values, which do not count.</param>
    /// <param name="sums">At least <see cref="PaddedBinCount"/>; values beyond the bins mean nothing.</param>
    public void Sum(ReadOnlySpan<float> row, Span<float> sums)
    {
        for (int group = 0; group < _groupCount; group++)
        {
            int taps = group * _tapCount * Lanes;
            ReadOnlySpan<float> pixels = row.Slice(_first[group], Reach);
            Span<float> target = sums.Slice(group * Lanes, Lanes);
            if (Lanes == Vector512<float>.Count)
                Sum512(pixels, taps, target);
            else
                Sum256(pixels, taps, target);
        }
    }

    private static int LanesOfMachine()
    {
        if (Avx512F.IsSupported && Vector512.IsHardwareAccelerated)
            return Vector512<float>.Count;
        return Avx2.IsSupported ? Vector256<float>.Count : 0;
    }

    private void Sum512(ReadOnlySpan<float> pixels, int taps, Span<float> target)
    {
        Vector512<float> low = Vector512.Create(pixels);
        Vector512<float> high = Vector512.Create(pixels[Vector512<float>.Count..]);
        Vector512<float> sum = Vector512<float>.Zero;
        for (int end = taps + (_tapCount * Lanes); taps < end; taps += Lanes)
        {
            Vector512<int> index = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_index), (nuint)taps);
            Vector512<float> weight = Vector512.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_weight), (nuint)taps);
            sum += weight * Avx512F.PermuteVar16x32x2(low, index, high);
        }

        sum.CopyTo(target);
    }

    private void Sum256(ReadOnlySpan<float> pixels, int taps, Span<float> target)
    {
        Vector256<float> source = Vector256.Create(pixels);
        Vector256<float> sum = Vector256<float>.Zero;
        for (int end = taps + (_tapCount * Lanes); taps < end; taps += Lanes)
        {
            Vector256<int> index = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_index), (nuint)taps);
            Vector256<float> weight = Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(_weight), (nuint)taps);
            sum += weight * Avx2.PermuteVar8x32(source, index);
        }

        sum.CopyTo(target);
    }
}
