using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

public static partial class DriverAPINativeMethods
{
    /// <summary>Devices; they need no context.</summary>
    public static partial class DeviceManagement
    {
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuDeviceGet(ref CUdevice device, int ordinal);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuDeviceGetCount(ref int count);

        /// <param name="name">Takes the name as NUL-terminated text.</param>
        /// <param name="len">The length of <paramref name="name"/>.</param>
        /// <param name="dev">The device.</param>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuDeviceGetName([Out] byte[] name, int len, CUdevice dev);

        /// <summary>The device's memory in bytes.</summary>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuDeviceTotalMem_v2(ref SizeT bytes, CUdevice dev);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuDeviceGetAttribute(ref int pi, CUDeviceAttribute attrib, CUdevice dev);
    }
}
