using System.CommandLine;
using ManagedCuda;
using YMaskNet.Inference;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Gpu.Commands;

// As the server's.
const int DeviceUnavailable = 6;

RootCommand root = new("Checks a GPU: right answers, how fast, and what limits it. native-kernels' kernels, ONNX Runtime's provider, the whole path.")
{
    MachineCommand.Create(),
    VerifyCommand.Create(),
    KernelsCommand.Create(),
    TorchvisionCommand.Create(),
    PathCommand.Create(),
    ReportCommand.Create(),
};

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (DeviceUnavailableException exception)
{
    await Console.Error.WriteLineAsync($"ymasknet-gpu-check: {exception.Message.ReplaceLineEndings(" ")}");
    return DeviceUnavailable;
}
catch (Exception exception) when (
    exception is CudaException or InspectionException or ModelPackageException or InvalidDataException or InvalidOperationException
        or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"ymasknet-gpu-check: {exception.Message.ReplaceLineEndings(" ")}");
    return 1;
}
