using System.Reflection;
using System.Runtime.InteropServices;

namespace YMaskNet.Gpu.Tests.StandIn;

/// <summary>The stand-in CUDA driver, native-kernels/driver, as the build left it.</summary>
internal static class StandInDriver
{
    /// <summary>Holds libcuda.so.1 and nothing else.</summary>
    public static string Folder { get; } = typeof(StandInDriver).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>().Single(entry => entry.Key == "StandInDriverFolder").Value!;

    public static bool IsBuilt => File.Exists(Path.Combine(Folder, "libcuda.so.1"));

    /// <summary>Whether this machine has a CUDA driver of its own.</summary>
    public static bool MachineHasDriver()
    {
        if (!NativeLibrary.TryLoad("libcuda.so.1", out nint library))
            return false;

        NativeLibrary.Free(library);
        return true;
    }
}
