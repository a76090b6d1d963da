using ManagedCuda;
using ManagedCuda.BasicTypes;

namespace YMaskNet.Gpu.Tests.StandIn;

/// <summary>Asserts what the driver gave.</summary>
internal static class CudaErrors
{
    public static void Refuses(CUResult expected, Action call)
    {
        CudaException exception = Assert.Throws<CudaException>(call);
        Assert.Equal(expected, exception.CudaError);
    }

    public static void Succeeds(CUResult result) => Assert.Equal(CUResult.Success, result);
}
