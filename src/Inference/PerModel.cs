using System.Collections.ObjectModel;

namespace YMaskNet.Inference;

/// <summary>A value for every model, with other ones for some.</summary>
/// <typeparam name="T">The value's type.</typeparam>
/// <param name="Default">The value of models that have none of their own.</param>
public sealed record PerModel<T>(T Default)
{
    /// <summary>Values by model name.</summary>
    public IReadOnlyDictionary<string, T> Own { get; init; } = ReadOnlyDictionary<string, T>.Empty;

    /// <summary>Models that have a value of their own.</summary>
    internal IEnumerable<string> Names => Own.Keys;

    /// <summary>All values.</summary>
    internal IEnumerable<T> Values => Own.Values.Prepend(Default);

    /// <summary>A model's value.</summary>
    public T Of(string model) => Own.TryGetValue(model, out T? own) ? own : Default;

    /// <summary>The same with one model's value.</summary>
    public PerModel<T> With(string model, T value) => this with { Own = new Dictionary<string, T>(Own) { [model] = value } };

    /// <summary>Every value as another.</summary>
    public PerModel<TOther> Select<TOther>(Func<T, TOther> selector) => new(selector(Default))
    {
        Own = Own.Count == 0
            ? ReadOnlyDictionary<string, TOther>.Empty
            : Own.ToDictionary(pair => pair.Key, pair => selector(pair.Value)),
    };
}
