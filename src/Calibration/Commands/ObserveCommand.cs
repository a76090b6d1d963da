using System.CommandLine;
using YMaskNet.Inference.Models;

namespace YMaskNet.Calibration.Commands;

/// <summary>
/// <c>observe</c>: runs images the pipeline's own way, gives what its networks get to their observed twins, and writes down
/// what values their tensors take.
/// </summary>
internal static class ObserveCommand
{
    private const int RegionsAtOnce = 32;

    public static Command Create()
    {
        Option<DirectoryInfo> package = PackageOptions.Package();
        Option<DirectoryInfo> networks = new("--networks")
        {
            Description = "Folder with the package's networks, named by stage, whose inner tensors are outputs.",
            HelpName = "FOLDER",
            Required = true,
        };
        Option<FileInfo> images = new("--images") { Description = "Text file with the path of an image on each line.", HelpName = "FILE", Required = true };
        Option<FileInfo> result = new("--out") { Description = "JSON file to write.", HelpName = "FILE", Required = true };
        Option<int> threads = PackageOptions.Threads();
        Command command = new("observe", "Writes down what values the tensors of a package's networks take.") { package, networks, images, result, threads };
        command.SetAction((parsed, cancellationToken) => Task.Run(
            () => Observe(
                ModelPackage.Read(parsed.GetRequiredValue(package).FullName),
                parsed.GetRequiredValue(networks).FullName,
                [.. File.ReadLines(parsed.GetRequiredValue(images).FullName).Where(line => line.Length > 0)],
                parsed.GetRequiredValue(result).FullName,
                parsed.GetValue(threads),
                cancellationToken),
            cancellationToken));
        return command;
    }

    private static void Observe(
        ModelPackage package, string networksFolder, string[] images, string result, int threads, CancellationToken cancellationToken)
    {
        if (images.Length == 0)
            throw new InvalidDataException("There is no image to look at.");

        ModelManifest manifest = package.Manifest;
        InputDescription input = manifest.Input;
        using PipelineRun run = new(package, threads);
        using ObservedNetwork stage1 = new(Path.Combine(networksFolder, "stage1.onnx"), threads);
        using ObservedNetwork? stage2 = manifest.Regions is null ? null : new(Path.Combine(networksFolder, "stage2.onnx"), threads);
        foreach (string image in images)
        {
            run.Inspect(File.ReadAllBytes(image), cancellationToken);
            stage1.Run(run.Lane.NetworkInput, 1, input.ChannelCount, input.Height, input.Width);
            if (stage2 is not null && manifest.Regions is { } regions)
                RunRegions(stage2, run.Lane.RegionInput, regions);
        }

        Dictionary<string, ObservedNetwork> networks = new() { ["stage1"] = stage1 };
        if (stage2 is not null)
            networks.Add("stage2", stage2);
        ObservationFile.Write(result, images.Length, networks);
    }

    private static void RunRegions(ObservedNetwork network, ReadOnlySpan<float> values, RegionsDescription regions)
    {
        int length = regions.ChannelCount * regions.Size * regions.Size;
        while (!values.IsEmpty)
        {
            ReadOnlySpan<float> chunk = values[..Math.Min(values.Length, RegionsAtOnce * length)];
            network.Run(chunk, chunk.Length / length, regions.ChannelCount, regions.Size, regions.Size);
            values = values[chunk.Length..];
        }
    }
}
