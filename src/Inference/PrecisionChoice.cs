namespace YMaskNet.Inference;

/// <summary>In which precision models are to run.</summary>
public enum PrecisionChoice
{
    /// <summary>What the manifest prefers, if this processor has instructions for it; 32-bit floating point otherwise.</summary>
    Auto,

    /// <summary>32-bit floating point.</summary>
    Fp32,

    /// <summary>8 bits; a model that has no such networks is refused.</summary>
    Int8,
}
