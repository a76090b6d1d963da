namespace YMaskNet.Perf.Gpu.Verification;

/// <summary>What a case's kernels wrote, by name.</summary>
internal sealed class KernelOutputs
{
    private readonly Dictionary<string, Output> _outputs = [];

    public void Add<T>(string name, T[] values)
        where T : unmanaged, IEquatable<T> => _outputs.Add(name, new Output(values, found => Differences.Of<T>(name, values, found.Get<T>(name))));

    public void Add(string name, float[] values) =>
        _outputs.Add(name, new Output(values, found => Differences.OfFloats(values, found.Get<float>(name), tolerance: 0f)));

    public T[] Get<T>(string name)
        where T : unmanaged => (T[])_outputs[name].Values;

    /// <summary>
    /// The first difference of bits; NaN equals NaN, since what bits a NaN has is the device's own affair.
    /// <see langword="null"/> where there is none.
    /// </summary>
    public string? DifferenceFrom(KernelOutputs expected)
    {
        foreach ((string name, Output output) in expected._outputs)
        {
            if (output.DifferenceOf(this) is { } difference)
                return $"{name}: {difference}";
        }

        return null;
    }

    private sealed record Output(Array Values, Func<KernelOutputs, string?> DifferenceOf);
}
