using System.Runtime.InteropServices;

namespace ManagedCuda.BasicTypes;

/// <summary>A kernel of a module.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUfunction
{
    public IntPtr Pointer;
}
