using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace YMaskNet.Inference.Cpu;

/// <summary>
/// Whether the processor adds up products of 8-bit numbers in one instruction (VNNI on x64, the dot product on Arm64).
/// Without it 8-bit networks compute the same, but hardly faster than in floating point.
/// </summary>
internal static class Int8DotProduct
{
    private const int ExtendedFeatures = 7;
    private const int Avx512Vnni = 1 << 11;
    private const int AvxVnni = 1 << 4;

    /// <summary>Whether this processor does.</summary>
    public static bool IsSupported { get; } = Dp.IsSupported || HasVnni();

    private static bool HasVnni()
    {
        if (!X86Base.IsSupported || X86Base.CpuId(0, 0).Eax < ExtendedFeatures)
            return false;

        // The AVX flags are .NET's: they also say that the operating system saves the registers.
        (int leafCount, _, int features, _) = X86Base.CpuId(ExtendedFeatures, 0);
        if (Avx512BW.VL.IsSupported && (features & Avx512Vnni) != 0)
            return true;
        return Avx2.IsSupported && leafCount >= 1 && (X86Base.CpuId(ExtendedFeatures, 1).Eax & AvxVnni) != 0;
    }
}
