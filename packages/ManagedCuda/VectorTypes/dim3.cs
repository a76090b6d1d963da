using System.Runtime.InteropServices;

namespace ManagedCuda.VectorTypes;

/// <summary>Sizes of a grid in blocks, or of a block in threads.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct dim3(uint xValue, uint yValue, uint zValue)
{
    public uint x = xValue;
    public uint y = yValue;
    public uint z = zValue;

    /// <summary><paramref name="val"/> × 1 × 1.</summary>
    public dim3(uint val)
        : this(val, 1, 1)
    {
    }

    public dim3(uint xValue, uint yValue)
        : this(xValue, yValue, 1)
    {
    }
}
