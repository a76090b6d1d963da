namespace YMaskNet.Inference.Frames;

/// <summary>
/// Along one axis: between which two source samples each target sample lies, for bilinear interpolation with half-pixel
/// centres and replicated edges. Reused from image to image; one thread owns it.
/// </summary>
internal sealed class BilinearAxis
{
    private int[] _first = [];
    private int[] _second = [];
    private float[] _weight = [];
    private int _source;
    private int _target;

    /// <summary>For each target sample the source sample at or before it.</summary>
    public ReadOnlySpan<int> First => _first.AsSpan(0, _target);

    /// <summary>For each target sample the source sample after it, or the last one.</summary>
    public ReadOnlySpan<int> Second => _second.AsSpan(0, _target);

    /// <summary>For each target sample the weight of the second. Range: [0, 1).</summary>
    public ReadOnlySpan<float> Weight => _weight.AsSpan(0, _target);

    /// <summary>Describes the interpolation of some number of source samples to another.</summary>
    public void Place(int source, int target)
    {
        if (source == _source && target == _target)
            return;
        if (_first.Length < target)
        {
            _first = new int[target];
            _second = new int[target];
            _weight = new float[target];
        }

        double scale = (double)source / target;
        for (int i = 0; i < target; i++)
        {
            double position = Math.Clamp(((i + 0.5) * scale) - 0.5, 0.0, source - 1);
            int first = (int)position;
            _first[i] = first;
            _second[i] = Math.Min(first + 1, source - 1);
            _weight[i] = (float)(position - first);
        }

        _source = source;
        _target = target;
    }
}
