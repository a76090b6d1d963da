using System.Globalization;

namespace YMaskNet.Inference;

/// <summary>Which device models are to run on.</summary>
public readonly record struct DeviceChoice
{
    private const string CudaPrefix = "cuda:";

    private readonly int? _gpu;

    private DeviceChoice(bool isCpu, int? gpu)
    {
        IsCpu = isCpu;
        _gpu = gpu;
    }

    /// <summary>The first usable GPU, else the CPU.</summary>
    public static DeviceChoice Auto => default;

    /// <summary>The CPU.</summary>
    public static DeviceChoice Cpu => new(isCpu: true, gpu: null);

    /// <summary>Whether it is <see cref="Cpu"/>.</summary>
    public bool IsCpu { get; }

    /// <summary>The driver's number of a GPU that it has to be; <see langword="null"/> where it is not said which.</summary>
    public int? Gpu => _gpu;

    /// <summary>A GPU, and no other device.</summary>
    /// <param name="number">The driver's number. Range: >= 0.</param>
    public static DeviceChoice Cuda(int number)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(number);
        return new DeviceChoice(isCpu: false, number);
    }

    /// <summary>Reads <c>auto</c>, <c>cpu</c> or <c>cuda:N</c>, in any case.</summary>
    public static bool TryParse(string text, out DeviceChoice choice)
    {
        string lower = text.ToLowerInvariant();
        choice = lower == "cpu" ? Cpu : Auto;
        if (lower is "auto" or "cpu")
            return true;
        if (!lower.StartsWith(CudaPrefix, StringComparison.Ordinal)
            || !int.TryParse(lower.AsSpan(CudaPrefix.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number))
        {
            return false;
        }

        choice = Cuda(number);
        return true;
    }

    /// <summary>As <see cref="TryParse"/> reads it.</summary>
    public override string ToString() =>
        Gpu is { } number ? $"{CudaPrefix}{number.ToString(CultureInfo.InvariantCulture)}" : IsCpu ? "cpu" : "auto";
}
