using System.Runtime.InteropServices;

namespace ManagedCuda.BasicTypes;

/// <summary>A context of the driver.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUcontext
{
    public IntPtr Pointer;
}
