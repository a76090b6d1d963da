using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

public static partial class DriverAPINativeMethods
{
    /// <summary>Device memory and pinned host memory; all sizes are in bytes.</summary>
    public static partial class MemoryManagement
    {
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemGetInfo_v2(ref SizeT free, ref SizeT total);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemAlloc_v2(ref CUdeviceptr dptr, SizeT bytesize);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemFree_v2(CUdeviceptr dptr);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemAllocHost_v2(ref IntPtr pp, SizeT bytesize);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemHostAlloc(ref IntPtr pp, SizeT bytesize, CUMemHostAllocFlags Flags);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemFreeHost(IntPtr p);
    }
}
