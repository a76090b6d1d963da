using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

public static partial class DriverAPINativeMethods
{
    /// <summary>Fills device memory.</summary>
    public static partial class Memset
    {
        /// <param name="dstDevice">The memory.</param>
        /// <param name="b">The value of each byte.</param>
        /// <param name="N">A number of bytes.</param>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemsetD8_v2(CUdeviceptr dstDevice, byte b, SizeT N);

        /// <param name="dstDevice">The memory, aligned to 4 bytes.</param>
        /// <param name="ui">The value of each 32-bit element.</param>
        /// <param name="N">A number of elements.</param>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemsetD32_v2(CUdeviceptr dstDevice, uint ui, SizeT N);
    }

    /// <summary>Fills device memory in a stream's order.</summary>
    public static partial class MemsetAsync
    {
        /// <inheritdoc cref="Memset.cuMemsetD8_v2"/>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemsetD8Async(CUdeviceptr dstDevice, byte b, SizeT N, CUstream hStream);

        /// <inheritdoc cref="Memset.cuMemsetD32_v2"/>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuMemsetD32Async(CUdeviceptr dstDevice, uint ui, SizeT N, CUstream hStream);
    }
}
