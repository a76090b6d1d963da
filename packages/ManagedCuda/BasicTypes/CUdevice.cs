using System.Runtime.InteropServices;

namespace ManagedCuda.BasicTypes;

/// <summary>A device: its ordinal, from 0.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct CUdevice
{
    public int Pointer;
}
