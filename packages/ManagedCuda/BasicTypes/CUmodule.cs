using System.Runtime.InteropServices;

namespace ManagedCuda.BasicTypes;

/// <summary>A loaded module: the kernels of one PTX text.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUmodule
{
    public IntPtr Pointer;
}
