namespace ManagedCuda.BasicTypes;

/// <summary>Reserved by the driver.</summary>
[Flags]
public enum CUInitializationFlags : uint
{
    None = 0,
}
