using System.Runtime.InteropServices;

namespace ManagedCuda.BasicTypes;

/// <summary>A place in a stream's order, recorded, to wait for.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUevent
{
    public IntPtr Pointer;
}
