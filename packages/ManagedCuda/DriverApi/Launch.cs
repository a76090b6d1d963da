using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

public static partial class DriverAPINativeMethods
{
    /// <summary>What puts work into a stream.</summary>
    public static partial class Launch
    {
        /// <summary>Enqueues a kernel. The arguments are copied before the call returns.</summary>
        /// <param name="f">The kernel.</param>
        /// <param name="gridDimX">Blocks in x, at least 1.</param>
        /// <param name="gridDimY">Blocks in y, 1 to 65535.</param>
        /// <param name="gridDimZ">Blocks in z, 1 to 65535.</param>
        /// <param name="blockDimX">Threads in x.</param>
        /// <param name="blockDimY">Threads in y.</param>
        /// <param name="blockDimZ">Threads in z.</param>
        /// <param name="sharedMemBytes">Bytes of dynamic shared memory for each block.</param>
        /// <param name="hStream">The stream.</param>
        /// <param name="kernelParams">
        /// The address of each argument, in the kernel's order; an array made once may serve every launch.
        /// </param>
        /// <param name="extra">The arguments in one buffer instead, as the driver's documentation says.</param>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuLaunchKernel(
            CUfunction f,
            uint gridDimX,
            uint gridDimY,
            uint gridDimZ,
            uint blockDimX,
            uint blockDimY,
            uint blockDimZ,
            uint sharedMemBytes,
            CUstream hStream,
            [In] IntPtr[]? kernelParams,
            [In] IntPtr[]? extra);

        /// <summary>
        /// Enqueues a function of the host, which is called on a thread of the driver's choice after all that is before it in the
        /// stream. It is never called when the context is lost before its turn.
        /// </summary>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuLaunchHostFunc(CUstream hStream, CUhostFn fn, IntPtr userData);
    }
}
