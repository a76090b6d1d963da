using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ManagedCuda;
using ManagedCuda.BasicTypes;

namespace YMaskNet.Inference.Gpu.Kernels;

/// <summary>
/// A kernel with its arguments, which lie in native memory from launch to launch: a launch allocates and boxes nothing. One
/// thread owns it.
/// </summary>
internal sealed unsafe class KernelLaunch : IDisposable
{
    // What CUDA allows for all parameters of a kernel together; parameters begin at multiples of the alignment here, so that
    // there is room for fewer.
    private const int BlockBytes = 4096;
    private const int Alignment = 16;

    private readonly CUfunction _function;
    private readonly uint _blockX;
    private readonly uint _blockY;
    private readonly uint _sharedBytes;
    private byte* _block;
    private int _usedBytes;
    private nint[] _addresses = [];

    public KernelLaunch(CUfunction function, uint blockX, uint blockY, uint sharedBytes)
    {
        _function = function;
        _blockX = blockX;
        _blockY = blockY;
        _sharedBytes = sharedBytes;
        _block = (byte*)NativeMemory.AlignedAlloc(BlockBytes, Alignment);
    }

    /// <summary>Frees the memory of a lane whose construction failed.</summary>
    ~KernelLaunch() => Free();

    /// <summary>Gives the next parameter its value.</summary>
    public KernelLaunch With<T>(T value)
        where T : unmanaged
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_usedBytes + sizeof(T), BlockBytes, nameof(value));
        _addresses = [.. _addresses, (nint)(_block + _usedBytes)];
        _usedBytes += (sizeof(T) + Alignment - 1) / Alignment * Alignment;
        Set(_addresses.Length - 1, value);
        return this;
    }

    /// <summary>Changes a parameter, from 0, for the launches to come.</summary>
    public void Set<T>(int parameter, T value)
        where T : unmanaged => Unsafe.WriteUnaligned((void*)_addresses[parameter], value);

    /// <summary>Enqueues the kernel on a grid of blocks.</summary>
    /// <exception cref="CudaException">The driver refuses the launch, or work before it failed.</exception>
    public void Run(CUstream stream, int x, int y = 1, int z = 1) => CudaCalls.Check(DriverAPINativeMethods.Launch.cuLaunchKernel(
        _function, (uint)x, (uint)y, (uint)z, _blockX, _blockY, 1, _sharedBytes, stream, _addresses, null));

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        NativeMemory.AlignedFree(_block);
        _block = null;
    }
}
