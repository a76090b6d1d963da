namespace YMaskNet.Perf.Gpu.Machines;

/// <summary>What runs kernels: a device, or the emulation on the CPU. One thread owns it.</summary>
internal interface IKernelMachine : IDisposable
{
    /// <summary>Memory that kernels reach. The caller disposes of it.</summary>
    /// <param name="bytes">At least 1.</param>
    IKernelMemory Allocate(long bytes);

    /// <summary>A kernel with its block, and no arguments yet. The caller disposes of it.</summary>
    /// <param name="kernel">Its name in the PTX.</param>
    /// <param name="blockX">Threads of a block in x.</param>
    /// <param name="blockY">Threads of a block in y.</param>
    /// <param name="sharedBytes">Dynamic shared memory of a block.</param>
    IKernelCall Find(string kernel, uint blockX, uint blockY = 1, uint sharedBytes = 0);
}

/// <summary>Memory of a machine. Its bytes are 0xff until they are written: NaN as floats, -1 as whole numbers.</summary>
internal interface IKernelMemory : IDisposable
{
    /// <summary>The first byte, for kernels alone.</summary>
    nint Address { get; }

    /// <summary>Copies from the host, from the first byte on, in the order of the kernels.</summary>
    void Write(ReadOnlySpan<byte> bytes);

    /// <summary>Copies to the host, from the first byte on, after the kernels before.</summary>
    void Read(Span<byte> bytes);
}

/// <summary>A kernel and its arguments.</summary>
internal interface IKernelCall : IDisposable
{
    /// <summary>Gives the next parameter its value.</summary>
    IKernelCall With<T>(T value)
        where T : unmanaged;

    /// <summary>Runs it on a grid of blocks, after what ran before.</summary>
    void Run(int x, int y = 1, int z = 1);
}
