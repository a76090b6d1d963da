using System.Runtime.CompilerServices;
using YMaskNet.Inference.Gpu.Kernels;

namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>
/// Where what the kernels write for the host lies in one piece of device memory, so that one copy brings it. Regions, which only
/// <see cref="InspectionTask.Detect"/> needs, come first and masks, of which there are seldom many, last: either may be left
/// out. Unit: bytes.
/// </summary>
internal readonly struct ResultLayout
{
    private const int Alignment = 256;

    /// <param name="header">The counts.</param>
    /// <param name="regions">Most regions of a batch.</param>
    /// <param name="hasMasks">Whether there is a second network.</param>
    /// <param name="arenaBytes">Room for masks.</param>
    public ResultLayout(HeaderLayout header, int regions, bool hasMasks, int arenaBytes)
    {
        Header = Aligned(regions * Unsafe.SizeOf<KernelRegion>());
        HeaderEnd = Header + header.Bytes;
        Instances = Aligned(HeaderEnd);
        Arena = hasMasks ? Aligned(Instances + (regions * Unsafe.SizeOf<KernelInstance>())) : Instances;
        Bytes = hasMasks ? Arena + arenaBytes : HeaderEnd;
    }

    /// <summary><see cref="KernelRegion"/>: <c>[N, maxRois]</c>.</summary>
    public static int Regions => 0;

    /// <summary>The counts, <see cref="HeaderLayout"/>.</summary>
    public int Header { get; }

    /// <summary>Where the counts end.</summary>
    public int HeaderEnd { get; }

    /// <summary><see cref="KernelInstance"/>: <c>[N maxRois]</c>, in the list's order.</summary>
    public int Instances { get; }

    /// <summary>The bits of the masks.</summary>
    public int Arena { get; }

    /// <summary>All of it.</summary>
    public int Bytes { get; }

    private static int Aligned(int offset) => (offset + Alignment - 1) / Alignment * Alignment;
}
