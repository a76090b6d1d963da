using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

public static partial class DriverAPINativeMethods
{
    /// <summary>Kernels.</summary>
    public static partial class FunctionManagement
    {
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuFuncGetAttribute(ref int pi, CUFunctionAttribute attrib, CUfunction hfunc);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuFuncSetAttribute(CUfunction hfunc, CUFunctionAttribute attrib, int value);
    }
}
