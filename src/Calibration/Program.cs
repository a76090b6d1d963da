using System.CommandLine;
using YMaskNet.Calibration.Commands;
using YMaskNet.Inference;
using YMaskNet.Inference.Models;

RootCommand root = new("Looks at the networks of a model package on this machine: for making their 8-bit form and for judging it.")
{
    ObserveCommand.Create(),
    SpeedCommand.Create(),
    OperatorsCommand.Create(),
};

try
{
    return await root.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
}
catch (Exception exception) when (exception is ModelPackageException or InspectionException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"ymasknet-calibration: {exception.Message}");
    return 1;
}
