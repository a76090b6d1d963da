using System.Runtime.InteropServices;

namespace ManagedCuda.BasicTypes;

/// <summary>An address in device memory.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUdeviceptr(SizeT pointer)
{
    public SizeT Pointer = pointer;
}
