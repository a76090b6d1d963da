using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using YMaskNet.Inference.Gpu.Memory;

namespace YMaskNet.Perf.Gpu.Machines;

/// <summary>The arrays and calls of some launches on a machine, which are freed together.</summary>
/// <param name="machine">Where they lie and run; not disposed of.</param>
internal sealed class KernelArrays(IKernelMachine machine) : IDisposable
{
    private readonly OwnedResources _owned = new();

    /// <summary>An array with values.</summary>
    public KernelArray<T> Of<T>(params ReadOnlySpan<T> values)
        where T : unmanaged
    {
        KernelArray<T> array = Empty<T>(values.Length);
        array.Write(values);
        return array;
    }

    /// <summary>An array whose bytes are 0xff; of no elements too.</summary>
    public KernelArray<T> Empty<T>(int length)
        where T : unmanaged => new(_owned.Add(machine.Allocate(Math.Max(1, (long)length * Unsafe.SizeOf<T>()))), length);

    /// <summary>A kernel with its block, and no arguments yet.</summary>
    /// <inheritdoc cref="IKernelMachine.Find"/>
    public IKernelCall Find(string kernel, uint blockX, uint blockY = 1, uint sharedBytes = 0) =>
        _owned.Add(machine.Find(kernel, blockX, blockY, sharedBytes));

    public void Dispose() => _owned.Dispose();
}

/// <summary>Elements in a machine's memory.</summary>
/// <typeparam name="T">The element.</typeparam>
/// <param name="memory">Where they lie.</param>
/// <param name="length">Number of elements.</param>
internal sealed class KernelArray<T>(IKernelMemory memory, int length)
    where T : unmanaged
{
    /// <summary>The first element, for kernels.</summary>
    public nint Address => memory.Address;

    /// <summary>Number of elements.</summary>
    public int Length => length;

    /// <summary>Gives the first elements other values.</summary>
    public void Write(ReadOnlySpan<T> values) => memory.Write(MemoryMarshal.AsBytes(values));

    /// <summary>All elements.</summary>
    public T[] Read()
    {
        T[] values = new T[length];
        memory.Read(MemoryMarshal.AsBytes(values.AsSpan()));
        return values;
    }
}
