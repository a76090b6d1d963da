using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ManagedCuda;

/// <summary>Finds the CUDA driver's library: <c>nvcuda.dll</c> on Windows, <c>libcuda.so.1</c> elsewhere.</summary>
internal static class DriverLibrary
{
    /// <summary>The name in the imports; it stands for the platform's library.</summary>
    public const string Name = "nvcuda";

    // The driver of the Windows host, as the Windows subsystem for Linux mounts it: not on the loader's path everywhere.
    private static readonly string[] LinuxNames = ["libcuda.so.1", "/usr/lib/wsl/lib/libcuda.so.1"];

    [ModuleInitializer]
    [SuppressMessage("Usage", "CA2255", Justification = "The resolver has to stand before the first import, whichever class that is in.")]
    internal static void Register() => NativeLibrary.SetDllImportResolver(typeof(DriverLibrary).Assembly, Resolve);

    private static nint Resolve(string libraryName, Assembly assembly, DllImportSearchPath? searchPath)
    {
        if (libraryName != Name || OperatingSystem.IsWindows())
            return 0;

        foreach (string name in LinuxNames)
        {
            if (NativeLibrary.TryLoad(name, assembly, searchPath, out nint library))
                return library;
        }

        throw new DllNotFoundException($"The CUDA driver's library is not on this machine: none of {string.Join(", ", LinuxNames)} can be loaded.");
    }
}
