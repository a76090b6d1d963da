using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

public static partial class DriverAPINativeMethods
{
    /// <summary>Contexts, and which one is current to the calling thread.</summary>
    public static partial class ContextManagement
    {
        /// <summary>Makes the device's primary context if it is not there, and counts one more user. It does not make it current.</summary>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuDevicePrimaryCtxRetain(ref CUcontext pctx, CUdevice dev);

        /// <summary>Counts one user less, and destroys the primary context after the last.</summary>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuDevicePrimaryCtxRelease_v2(CUdevice dev);

        [LibraryImport(DriverLibrary.Name)]
        internal static partial CUResult cuDevicePrimaryCtxSetFlags_v2(CUdevice dev, CUCtxFlags flags);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuCtxSetCurrent(CUcontext ctx);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuCtxGetCurrent(ref CUcontext pctx);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuCtxPushCurrent_v2(CUcontext ctx);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuCtxPopCurrent_v2(ref CUcontext pctx);

        /// <summary>Waits for everything in the current context.</summary>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuCtxSynchronize();
    }
}
