using System.Text;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Gpu.Tests.StandIn;

namespace YMaskNet.Gpu.Tests.Binding;

/// <summary>Modules: PTX that the driver takes, and PTX that it refuses.</summary>
public class ModuleTests
{
    [Fact]
    public void FuncGetAttribute_TestKernel_TellsItsLimits() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        CudaKernel reverse = new("test_reverse", gpu.Module, gpu.Context);

        Assert.Equal(TestGpu.MostThreads, AttributeOf(reverse, CUFunctionAttribute.MaxThreadsPerBlock));
        Assert.Equal(TestGpu.MostThreads * sizeof(int), AttributeOf(reverse, CUFunctionAttribute.SharedSizeBytes));
    });

    [Fact]
    public void LoadModulePTX_ThePipelinesKernels_AreThoseOfTheEmulation() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();

        CUmodule module = gpu.Context.LoadModulePTX(Encoding.ASCII.GetBytes(TestGpu.PipelineText));

        _ = new CudaKernel("roi_align_f32_f32", module, gpu.Context);
    });

    [Fact]
    public void GetFunction_NoKernelOfThatName_IsNotFound() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        CudaErrors.Refuses(CUResult.ErrorNotFound, () => new CudaKernel("test_missing", gpu.Module, gpu.Context));
    });

    [Fact]
    public void LoadData_WithoutNul_IsRefused() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        byte[] image = [.. Encoding.ASCII.GetBytes(TestGpu.KernelText), 0xfe, 0];
        CUmodule module = default;

        CUResult result = DriverAPINativeMethods.ModuleManagement.cuModuleLoadData(ref module, image);

        Assert.Equal(CUResult.ErrorInvalidPtx, result);
    });

    [Fact]
    public void LoadData_WithNul_IsTaken() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        byte[] image = [.. Encoding.ASCII.GetBytes(TestGpu.KernelText), 0];
        CUmodule module = default;

        CudaErrors.Succeeds(DriverAPINativeMethods.ModuleManagement.cuModuleLoadData(ref module, image));

        CudaErrors.Succeeds(DriverAPINativeMethods.ModuleManagement.cuModuleUnload(module));
        Assert.Equal(CUResult.ErrorInvalidHandle, DriverAPINativeMethods.ModuleManagement.cuModuleUnload(module));
    });

    [Fact]
    public void LoadModulePTX_NoPtx_IsAnInvalidImage() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        CudaErrors.Refuses(CUResult.ErrorInvalidImage, () => gpu.Context.LoadModulePTX([0x7f, (byte)'E', (byte)'L', (byte)'F']));
        CudaErrors.Refuses(CUResult.ErrorInvalidImage, () => gpu.Context.LoadModulePTX([]));
        CudaErrors.Refuses(CUResult.ErrorInvalidImage, () => gpu.Context.LoadModulePTX("just text"u8.ToArray()));
    });

    [Fact]
    public void LoadModulePTX_CutOff_IsInvalidPtx() => DriverProcess.Passes(static () =>
    {
        using TestGpu gpu = new();
        string cut = TestGpu.KernelText[..TestGpu.KernelText.LastIndexOf('}')];
        CudaErrors.Refuses(CUResult.ErrorInvalidPtx, () => gpu.Context.LoadModulePTX(Encoding.ASCII.GetBytes(cut)));
    });

    [Theory]
    [InlineData(".param .f32", ".param .f64", "has parameters of (8, 8, 4, 8) bytes in the PTX and of (8, 8, 4, 4) in its source")]
    [InlineData(".maxntid 64", ".maxntid 128", "takes blocks of 128 threads by the PTX and of 64 by its source")]
    [InlineData("test_scale", "test_other", "the kernel 'test_other' has no emulation")]
    public void LoadModulePTX_NotTheEmulatedKernels_IsRefusedAndSaysWhy(string find, string replace, string reason)
    {
        DriverRun run = DriverProcess.Run(
            static () =>
            {
                using TestGpu gpu = new();
                string find = Environment.GetEnvironmentVariable("FIND")!;
                Assert.Contains(find, TestGpu.KernelText, StringComparison.Ordinal);
                string stale = TestGpu.KernelText.Replace(find, Environment.GetEnvironmentVariable("REPLACE"), StringComparison.Ordinal);
                CudaException exception = Assert.Throws<CudaException>(() => gpu.Context.LoadModulePTX(Encoding.ASCII.GetBytes(stale)));
                Assert.Contains(exception.CudaError, (CUResult[])[CUResult.ErrorInvalidImage, CUResult.ErrorNoBinaryForGPU]);
            },
            ("FIND", find),
            ("REPLACE", replace));

        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Contains(reason, run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void LoadModulePTX_PtxNewerThanTheDriver_IsRefused() => DriverProcess.Passes(
        static () => CudaErrors.Refuses((CUResult)222, static () => new TestGpu()),
        ("CUDA_STANDIN_DRIVER_VERSION", "10020"));

    [Fact]
    public void LoadModulePTX_PtxForANewerDevice_IsRefused() => DriverProcess.Passes(
        static () => CudaErrors.Refuses(CUResult.ErrorNoBinaryForGPU, static () => new TestGpu()),
        ("CUDA_STANDIN_COMPUTE_CAPABILITY", "70"));

    private static int AttributeOf(CudaKernel kernel, CUFunctionAttribute attribute)
    {
        int value = 0;
        CudaErrors.Succeeds(DriverAPINativeMethods.FunctionManagement.cuFuncGetAttribute(ref value, attribute, kernel.CUFunction));
        return value;
    }
}
