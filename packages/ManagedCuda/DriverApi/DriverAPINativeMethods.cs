using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

/// <summary>
/// The driver's functions under their own names, a nested class for each group. They report errors as <see cref="CUResult"/>;
/// what they return is written to <c>ref</c> arguments. Apart from the asynchronous ones' work, all need a current context.
/// </summary>
public static partial class DriverAPINativeMethods
{
    /// <summary>Starts the driver for this process. Further calls do nothing.</summary>
    [LibraryImport(DriverLibrary.Name)]
    public static partial CUResult cuInit(CUInitializationFlags Flags);

    /// <summary>The newest version of CUDA that the driver serves, as 1000 · major + 10 · minor. Works before <see cref="cuInit"/>.</summary>
    [LibraryImport(DriverLibrary.Name)]
    public static partial CUResult cuDriverGetVersion(ref int driverVersion);
}
