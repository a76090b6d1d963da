using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

/// <summary>The driver refused a call, or work before it failed: an error of a kernel comes with a later call.</summary>
public class CudaException : Exception
{
    public CudaException()
    {
    }

    /// <summary>Describes the error in the driver's own words.</summary>
    public CudaException(CUResult error)
        : base($"{NameOf(error)} ({(int)error}): {DescriptionOf(error)}")
    {
        CudaError = error;
    }

    public CudaException(string message)
        : base(message)
    {
    }

    public CudaException(string message, Exception exception)
        : base(message, exception)
    {
    }

    public CudaException(CUResult error, string message, Exception exception)
        : base(message, exception)
    {
        CudaError = error;
    }

    /// <summary>The driver's code.</summary>
    public CUResult CudaError { get; set; }

    /// <summary>The error's name in <c>cuda.h</c>, such as <c>CUDA_ERROR_OUT_OF_MEMORY</c>.</summary>
    public string CudaInternalErrorName => NameOf(CudaError);

    /// <summary>What the driver says of the error.</summary>
    public string CudaInternalErrorDescription => DescriptionOf(CudaError);

    internal static void ThrowUnlessSuccess(CUResult result)
    {
        if (result != CUResult.Success)
            throw new CudaException(result);
    }

    private static string NameOf(CUResult error)
    {
        IntPtr text = 0;
        _ = DriverAPINativeMethods.ErrorHandling.cuGetErrorName(error, ref text);
        return Marshal.PtrToStringUTF8(text) ?? "unknown CUDA error";
    }

    private static string DescriptionOf(CUResult error)
    {
        IntPtr text = 0;
        _ = DriverAPINativeMethods.ErrorHandling.cuGetErrorString(error, ref text);
        return Marshal.PtrToStringUTF8(text) ?? "the driver has no description";
    }
}
