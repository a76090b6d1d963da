using System.Runtime.InteropServices;

namespace ManagedCuda.BasicTypes;

/// <summary>A stream: a queue of work of the device.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUstream
{
    public IntPtr Pointer;

    /// <summary>The default stream, which waits for all blocking streams and which they wait for.</summary>
    public static CUstream NullStream => default;
}
