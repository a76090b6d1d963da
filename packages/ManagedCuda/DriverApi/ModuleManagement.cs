using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

public static partial class DriverAPINativeMethods
{
    /// <summary>Modules of kernels.</summary>
    public static partial class ModuleManagement
    {
        /// <param name="module">The module.</param>
        /// <param name="image">PTX as ASCII text that ends in NUL; the driver compiles it.</param>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuModuleLoadData(ref CUmodule module, [In] byte[] image);

        /// <inheritdoc cref="cuModuleLoadData"/>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuModuleLoadDataEx(
            ref CUmodule module, [In] byte[] image, uint numOptions, [In] CUJITOption[]? options, [In, Out] IntPtr[]? optionValues);

        /// <summary>Finds a kernel by its name in the PTX.</summary>
        [LibraryImport(DriverLibrary.Name, StringMarshalling = StringMarshalling.Utf8)]
        public static partial CUResult cuModuleGetFunction(ref CUfunction hfunc, CUmodule hmod, string name);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuModuleUnload(CUmodule hmod);
    }
}
