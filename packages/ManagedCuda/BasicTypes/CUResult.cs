namespace ManagedCuda.BasicTypes;

/// <summary>What a call of the driver gave. The driver may give codes that have no name here.</summary>
public enum CUResult
{
    Success = 0,
    ErrorInvalidValue = 1,
    ErrorOutOfMemory = 2,

    /// <summary><c>cuInit</c> has not been called, or has failed.</summary>
    ErrorNotInitialized = 3,

    /// <summary>The driver is shutting down.</summary>
    ErrorDeinitialized = 4,

    ErrorNoDevice = 100,
    ErrorInvalidDevice = 101,

    /// <summary>The module image is not one.</summary>
    ErrorInvalidImage = 200,

    /// <summary>No context is current to the calling thread, or an invalid one.</summary>
    ErrorInvalidContext = 201,

    ErrorMapFailed = 205,
    ErrorUnmapFailed = 206,

    /// <summary>The module has no code for this device.</summary>
    ErrorNoBinaryForGPU = 209,

    ErrorECCUncorrectable = 214,
    ErrorUnsupportedLimit = 215,

    /// <summary>The PTX does not compile.</summary>
    ErrorInvalidPtx = 218,

    /// <summary>The driver has no PTX compiler.</summary>
    JITCompilerNotFound = 221,

    ErrorInvalidSource = 300,
    ErrorFileNotFound = 301,
    ErrorSharedObjectSymbolNotFound = 302,
    ErrorSharedObjectInitFailed = 303,
    ErrorOperatingSystem = 304,
    ErrorInvalidHandle = 400,

    /// <summary>There is nothing of that name.</summary>
    ErrorNotFound = 500,

    /// <summary>The work has not finished: no error.</summary>
    ErrorNotReady = 600,

    /// <summary>A kernel used an address outside device memory. The context is lost.</summary>
    ErrorIllegalAddress = 700,

    ErrorLaunchOutOfResources = 701,
    ErrorLaunchTimeout = 702,
    ErrorContextIsDestroyed = 709,
    ErrorAssert = 710,
    ErrorHardwareStackError = 714,
    ErrorIllegalInstruction = 715,
    ErrorMisalignedAddress = 716,
    ErrorInvalidAddressSpace = 717,
    ErrorInvalidPC = 718,

    /// <summary>A kernel failed. The context is lost.</summary>
    ErrorLaunchFailed = 719,

    ErrorNotPermitted = 800,
    ErrorNotSupported = 801,

    /// <summary>The driver's parts are of different versions.</summary>
    ErrorSystemDriverMismatch = 803,

    ErrorUnknown = 999,
}
