namespace YMaskNet.Calibration;

/// <summary>
/// Gathers what values a tensor takes: smallest and largest, a histogram that widens with them, and the mean of each
/// channel (the second axis).
/// </summary>
internal sealed class TensorObserver
{
    /// <summary>Bins of the histogram.</summary>
    public const int BinCount = 2048;

    private const float SmallestLimit = 1f / (1 << 20);

    private readonly string _name;
    private readonly long[] _counts = new long[BinCount];
    private double[] _sums = [];
    private long _countPerChannel;

    /// <param name="name">The tensor's name, for messages.</param>
    public TensorObserver(string name) => _name = name;

    /// <summary>The smallest value; infinite before the first.</summary>
    public float Min { get; private set; } = float.PositiveInfinity;

    /// <summary>The largest value; minus infinity before the first.</summary>
    public float Max { get; private set; } = float.NegativeInfinity;

    /// <summary>The histogram reaches from minus this to this: a power of two.</summary>
    public float Limit { get; private set; } = SmallestLimit;

    /// <summary>The histogram's bins, equally wide, lowest first; the last one holds its upper end too.</summary>
    public ReadOnlySpan<long> Counts => _counts;

    /// <summary>Whether any value was seen.</summary>
    public bool HasValues => _countPerChannel > 0;

    /// <summary>Mean of each channel.</summary>
    public double[] ChannelMeans() => [.. _sums.Select(sum => sum / _countPerChannel)];

    /// <summary>Adds a tensor's values.</summary>
    /// <param name="values">Row-major.</param>
    /// <param name="shape">At least two extents, of which the second is the channels'.</param>
    /// <exception cref="InvalidDataException">A value is not finite, or the channels are others than before.</exception>
    public void Add(ReadOnlySpan<float> values, ReadOnlySpan<long> shape)
    {
        int channels = shape.Length > 1 ? (int)shape[1] : 1;
        if (values.IsEmpty)
            return;
        if (_sums.Length == 0)
            _sums = new double[channels];
        if (_sums.Length != channels)
            throw new InvalidDataException($"The tensor '{_name}' has {channels} channels, and had {_sums.Length}.");

        Widen(values);
        int inner = 1;
        for (int axis = 2; axis < shape.Length; axis++)
            inner *= (int)shape[axis];
        float binsPerUnit = BinCount / 2 / Limit;
        for (int start = 0; start < values.Length; start += inner)
        {
            double sum = 0;
            foreach (float value in values.Slice(start, inner))
            {
                sum += value;
                _counts[Math.Min((int)((value + Limit) * binsPerUnit), BinCount - 1)]++;
            }

            _sums[start / inner % channels] += sum;
        }

        _countPerChannel += values.Length / channels;
    }

    private void Widen(ReadOnlySpan<float> values)
    {
        foreach (float value in values)
        {
            if (!float.IsFinite(value))
                throw new InvalidDataException($"The tensor '{_name}' has the value {value}.");
            Min = Math.Min(Min, value);
            Max = Math.Max(Max, value);
        }

        while (Math.Max(Max, -Min) > Limit)
        {
            // Twice as wide: two bins become one, in the middle half.
            long[] before = [.. _counts];
            Array.Clear(_counts);
            for (int bin = 0; bin < BinCount / 2; bin++)
                _counts[(BinCount / 4) + bin] = before[2 * bin] + before[(2 * bin) + 1];
            Limit *= 2;
        }
    }
}
