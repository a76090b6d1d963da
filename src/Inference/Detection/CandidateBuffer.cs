namespace YMaskNet.Inference.Detection;

/// <summary>
/// The candidates of one image, in the order of their anchor indices until <see cref="KeepBest"/> sorts them.
/// One thread owns it; it is cleared and filled again for every image and allocates nothing after its construction.
/// </summary>
internal sealed class CandidateBuffer
{
    private readonly Candidate[] _found;
    private readonly Candidate[] _sorted;
    private readonly ulong[] _keys;
    private int _count;

    /// <param name="capacity">Number of anchors of all heads: there are never more candidates.</param>
    /// <param name="maxCandidates">Most that <see cref="KeepBest"/> is asked for.</param>
    public CandidateBuffer(int capacity, int maxCandidates)
    {
        _found = new Candidate[capacity];
        _keys = new ulong[capacity];
        _sorted = new Candidate[Math.Min(capacity, maxCandidates)];
    }

    public ReadOnlySpan<Candidate> Found => _found.AsSpan(0, _count);

    public void Clear() => _count = 0;

    public void Add(in Candidate candidate) => _found[_count++] = candidate;

    /// <summary>The best of them by (score descending, anchor index ascending); valid until the next call.</summary>
    public ReadOnlySpan<Candidate> KeepBest(int maxCandidates)
    {
        // Bits of a float that is not negative order as the float does. The position stands for the anchor index, since
        // candidates come in that order.
        Span<ulong> keys = _keys.AsSpan(0, _count);
        for (int position = 0; position < keys.Length; position++)
            keys[position] = ((ulong)~BitConverter.SingleToUInt32Bits(_found[position].Score) << 32) | (uint)position;
        keys.Sort();

        Span<Candidate> best = _sorted.AsSpan(0, Math.Min(keys.Length, maxCandidates));
        for (int rank = 0; rank < best.Length; rank++)
            best[rank] = _found[(int)(uint)keys[rank]];
        return best;
    }
}
