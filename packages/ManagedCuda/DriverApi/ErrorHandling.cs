using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

public static partial class DriverAPINativeMethods
{
    /// <summary>The driver's own words for its errors.</summary>
    internal static partial class ErrorHandling
    {
        /// <param name="error">The code.</param>
        /// <param name="pStr">The address of NUL-terminated text that the driver owns, 0 for an unknown code.</param>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuGetErrorString(CUResult error, ref IntPtr pStr);

        /// <inheritdoc cref="cuGetErrorString"/>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuGetErrorName(CUResult error, ref IntPtr pStr);
    }
}
