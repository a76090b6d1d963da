using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

public static partial class DriverAPINativeMethods
{
    /// <summary>Copies that have happened when the call returns; all sizes are in bytes.</summary>
    public static partial class SynchronousMemcpy_v2
    {
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemcpyHtoD_v2(CUdeviceptr dstDevice, IntPtr srcHost, SizeT ByteCount);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemcpyDtoH_v2(IntPtr dstHost, CUdeviceptr srcDevice, SizeT ByteCount);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemcpyDtoD_v2(CUdeviceptr dstDevice, CUdeviceptr srcDevice, SizeT ByteCount);
    }

    /// <summary>
    /// Copies in a stream's order; all sizes are in bytes. Only from and to pinned host memory do they leave the calling thread free.
    /// </summary>
    public static partial class AsynchronousMemcpy_v2
    {
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemcpyHtoDAsync_v2(CUdeviceptr dstDevice, IntPtr srcHost, SizeT ByteCount, CUstream hStream);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemcpyDtoHAsync_v2(IntPtr dstHost, CUdeviceptr srcDevice, SizeT ByteCount, CUstream hStream);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemcpyDtoDAsync_v2(CUdeviceptr dstDevice, CUdeviceptr srcDevice, SizeT ByteCount, CUstream hStream);
    }
}
