namespace YMaskNet.Inference.Regions;

/// <summary>
/// Along one axis: which source pixels make each bin of a RoIAlign, and with what weights. Bilinear sampling and the average
/// over a bin are separable, so that two axes describe the operator; the weights hold the average.
/// </summary>
internal sealed class SampleAxis
{
    private readonly int _samplingRatio;
    private readonly int[] _index;
    private readonly float[] _weight;

    /// <param name="binCount">Bins along the axis.</param>
    /// <param name="samplingRatio">Samples in a bin.</param>
    public SampleAxis(int binCount, int samplingRatio)
    {
        BinCount = binCount;
        _samplingRatio = samplingRatio;
        TapCount = 2 * samplingRatio;
        _index = new int[binCount * TapCount];
        _weight = new float[binCount * TapCount];
    }

    /// <summary>Bins along the axis.</summary>
    public int BinCount { get; }

    /// <summary>Source pixels of a bin: two for each sample.</summary>
    public int TapCount { get; }

    /// <summary>First source pixel that any bin reads.</summary>
    public int First { get; private set; }

    /// <summary>Last source pixel that any bin reads.</summary>
    public int Last { get; private set; }

    /// <summary>Source pixels of all bins, bin after bin.</summary>
    public ReadOnlySpan<int> Indices => _index;

    /// <summary>Their weights.</summary>
    public ReadOnlySpan<float> Weights => _weight;

    /// <summary>Places the bins.</summary>
    /// <param name="start">Where the region starts, in source pixels minus 0.5 (<c>aligned = true</c>).</param>
    /// <param name="extent">Its extent in source pixels.</param>
    /// <param name="size">Extent of the source along the axis.</param>
    public void Place(float start, float extent, int size)
    {
        float bin = extent / BinCount;
        int tap = 0;
        First = size - 1;
        Last = 0;
        for (int index = 0; index < BinCount; index++)
        {
            for (int sample = 0; sample < _samplingRatio; sample++)
            {
                float position = start + (index * bin) + ((sample + 0.5f) * bin / _samplingRatio);
                PlaceSample(position, size, tap);
                tap += 2;
            }
        }
    }

    private void PlaceSample(float position, int size, int tap)
    {
        int low = 0;
        int high = 0;
        float lowWeight = 0f;
        float highWeight = 0f;

        // Zero outside [-1, size]; written so that NaN is outside.
        if (position >= -1f && position <= size)
        {
            float clamped = Math.Max(position, 0f);
            low = (int)clamped;
            if (low >= size - 1)
            {
                low = high = size - 1;
                clamped = low;
            }
            else
            {
                high = low + 1;
            }

            highWeight = (clamped - low) / _samplingRatio;
            lowWeight = (1f - (clamped - low)) / _samplingRatio;
        }
        else
        {
            // Weightless, and where other taps are, so that the range of source pixels stays small.
            low = high = position > 0f ? size - 1 : 0;
        }

        First = Math.Min(First, low);
        Last = Math.Max(Last, high);
        _index[tap] = low;
        _index[tap + 1] = high;
        _weight[tap] = lowWeight;
        _weight[tap + 1] = highWeight;
    }
}
