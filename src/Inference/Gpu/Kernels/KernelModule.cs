using ManagedCuda;
using ManagedCuda.BasicTypes;

namespace YMaskNet.Inference.Gpu.Kernels;

/// <summary>The kernels of native-kernels, as the driver compiled them for a context's device.</summary>
internal sealed class KernelModule : IDisposable
{
    // What a kernel may use without asking for more.
    private const uint UsualSharedBytes = 48 << 10;

    private static readonly byte[] Ptx = ReadPtx();

    private readonly CudaContext _context;
    private readonly CUmodule _module;

    /// <param name="context">Current to this thread.</param>
    /// <exception cref="CudaException">The driver can't compile the kernels.</exception>
    public KernelModule(CudaContext context)
    {
        _context = context;
        _module = context.LoadModulePTX(Ptx);
    }

    /// <summary>A kernel with its block, and no arguments yet.</summary>
    /// <param name="name">Its name in the PTX.</param>
    /// <param name="blockX">Threads of a block in x.</param>
    /// <param name="blockY">Threads of a block in y.</param>
    /// <param name="sharedBytes">Dynamic shared memory of a block.</param>
    /// <exception cref="CudaException">There is no such kernel, or a block can't have so much shared memory.</exception>
    public KernelLaunch Find(string name, uint blockX, uint blockY = 1, uint sharedBytes = 0)
    {
        CudaKernel kernel = new(name, _module, _context);
        if (sharedBytes > UsualSharedBytes)
        {
            CudaCalls.Check(DriverAPINativeMethods.FunctionManagement.cuFuncSetAttribute(
                kernel.CUFunction, CUFunctionAttribute.MaxDynamicSharedSizeBytes, (int)sharedBytes));
        }

        return new KernelLaunch(kernel.CUFunction, blockX, blockY, sharedBytes);
    }

    public void Dispose()
    {
        try
        {
            _context.UnloadModule(_module);
        }
        catch (CudaException)
        {
            // A lost context took the module with it.
        }
    }

    private static byte[] ReadPtx()
    {
        using Stream resource = typeof(KernelModule).Assembly.GetManifestResourceStream("ymasknet.ptx")!;
        byte[] text = new byte[resource.Length + 1];
        resource.ReadExactly(text, 0, text.Length - 1);
        return text;
    }
}
