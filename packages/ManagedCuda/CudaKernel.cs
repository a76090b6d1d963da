using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;
using ManagedCuda.VectorTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace ManagedCuda;

/// <summary>
/// A kernel with its launch dimensions: state, so one for each thread that launches. <see cref="RunAsync"/> boxes and pins its
/// arguments at each call; for a path without garbage call <see cref="DriverAPINativeMethods.Launch.cuLaunchKernel"/>.
/// </summary>
public class CudaKernel
{
    private readonly CUfunction _function;

    /// <exception cref="CudaException">The module has no kernel of that name: <see cref="CUResult.ErrorNotFound"/>.</exception>
    public CudaKernel(string kernelName, CUmodule module, CudaContext cuda)
        : this(kernelName, module)
    {
        ArgumentNullException.ThrowIfNull(cuda);
    }

    /// <exception cref="CudaException">The module has no kernel of that name: <see cref="CUResult.ErrorNotFound"/>.</exception>
    public CudaKernel(string kernelName, CUmodule module)
    {
        KernelName = kernelName;
        CUModule = module;
        CudaException.ThrowUnlessSuccess(ModuleManagement.cuModuleGetFunction(ref _function, module, kernelName));
    }

    public string KernelName { get; }

    public CUmodule CUModule { get; }

    public CUfunction CUFunction => _function;

    /// <summary>Blocks of the next launch.</summary>
    public dim3 GridDimensions { get; set; }

    /// <summary>Threads of a block of the next launch.</summary>
    public dim3 BlockDimensions { get; set; }

    /// <summary>Bytes of dynamic shared memory of the next launch.</summary>
    public uint DynamicSharedMemory { get; set; }

    /// <summary>Enqueues the kernel.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="parameters">The arguments, each a struct of exactly the kernel's parameter's size; device memory as its pointer.</param>
    public virtual void RunAsync(CUstream stream, params object[] parameters)
    {
        GCHandle[] pinned = new GCHandle[parameters.Length];
        try
        {
            IntPtr[] addresses = new IntPtr[parameters.Length];
            for (int index = 0; index < parameters.Length; index++)
            {
                pinned[index] = GCHandle.Alloc(parameters[index], GCHandleType.Pinned);
                addresses[index] = pinned[index].AddrOfPinnedObject();
            }

            CudaException.ThrowUnlessSuccess(Launch.cuLaunchKernel(
                _function,
                GridDimensions.x, GridDimensions.y, GridDimensions.z,
                BlockDimensions.x, BlockDimensions.y, BlockDimensions.z,
                DynamicSharedMemory, stream, addresses, null));
        }
        finally
        {
            foreach (GCHandle handle in pinned)
            {
                if (handle.IsAllocated)
                    handle.Free();
            }
        }
    }
}
