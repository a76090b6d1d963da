using System.Runtime.InteropServices;
using YMaskNet.Inference.Gpu.Kernels;

namespace YMaskNet.Inference.Tests.Kernels;

/// <summary>The bytes of one argument of a kernel. Addresses are <see cref="nint"/>.</summary>
internal readonly struct KernelArgument
{
    private KernelArgument(byte[] bytes) => Bytes = bytes;

    public byte[] Bytes { get; }

    public static implicit operator KernelArgument(nint value) => Of(value);

    public static implicit operator KernelArgument(int value) => Of(value);

    public static implicit operator KernelArgument(long value) => Of(value);

    public static implicit operator KernelArgument(float value) => Of(value);

    public static implicit operator KernelArgument(in KernelNetworkInput value) => Of(value);

    public static implicit operator KernelArgument(in KernelAnchorHeads value) => Of(value);

    public static implicit operator KernelArgument(in KernelRegionInput value) => Of(value);

    public static implicit operator KernelArgument(in KernelRegionChunk value) => Of(value);

    public static implicit operator KernelArgument(in KernelRefinement value) => Of(value);

    private static KernelArgument Of<T>(in T value)
        where T : unmanaged =>
        new(MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in value)).ToArray());
}
