namespace ManagedCuda.BasicTypes;

/// <summary>Facts of a loaded kernel.</summary>
public enum CUFunctionAttribute
{
    /// <summary>Most threads in a block.</summary>
    MaxThreadsPerBlock = 0,

    /// <summary>Bytes of shared memory that the kernel declares itself.</summary>
    SharedSizeBytes = 1,

    ConstSizeBytes = 2,
    LocalSizeBytes = 3,

    /// <summary>Registers of one thread.</summary>
    NumRegs = 4,

    PTXVersion = 5,
    BinaryVersion = 6,
    CacheModeCA = 7,

    /// <summary>Most bytes of dynamic shared memory at a launch; may be raised.</summary>
    MaxDynamicSharedSizeBytes = 8,
}
