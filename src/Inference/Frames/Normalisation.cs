using System.Numerics;

namespace YMaskNet.Inference.Frames;

/// <summary>
/// <c>(v / max - mean) / std</c> of one channel, in float32 and in this order of operations: vectors, single values and the
/// value around the image agree to the last bit.
/// </summary>
internal readonly record struct Normalisation(float Mean, float Std)
{
    /// <summary>Normalises one sample.</summary>
    public float Apply(float sample, float maxSample) => ((sample / maxSample) - Mean) / Std;

    /// <summary>Normalises a row.</summary>
    public void Apply(ReadOnlySpan<float> samples, float maxSample, Span<float> normalised)
    {
        int x = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var max = new Vector<float>(maxSample);
            var mean = new Vector<float>(Mean);
            var std = new Vector<float>(Std);
            for (; x <= samples.Length - Vector<float>.Count; x += Vector<float>.Count)
                (((new Vector<float>(samples[x..]) / max) - mean) / std).CopyTo(normalised[x..]);
        }

        for (; x < samples.Length; x++)
            normalised[x] = Apply(samples[x], maxSample);
    }
}
