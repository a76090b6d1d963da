using System.CommandLine;
using YMaskNet.Inference.Models;

namespace YMaskNet.Calibration.Commands;

/// <summary>Options that several commands have.</summary>
internal static class PackageOptions
{
    public static Option<DirectoryInfo> Package() => new("--package")
    {
        Description = "The model package, models/NAME/VERSION.",
        HelpName = "FOLDER",
        Required = true,
    };

    public static Option<int> Threads()
    {
        Option<int> option = new("--threads")
        {
            Description = "Threads inside an operator, 1 to 256. Default: the cores.",
            DefaultValueFactory = _ => Environment.ProcessorCount,
        };
        option.Validators.Add(result =>
        {
            if (result.GetValue(option) is < 1 or > 256)
                result.AddError("--threads must be 1 to 256.");
        });
        return option;
    }

    public static Option<FileInfo?> Image() => new("--image")
    {
        Description = "The image to inspect. Default: the package's first golden one.",
        HelpName = "FILE",
    };

    /// <exception cref="ModelPackageException">No image is given and the package has none.</exception>
    public static byte[] ReadImage(FileInfo? file, ModelPackage package)
    {
        if (file is not null)
            return File.ReadAllBytes(file.FullName);
        return package.Manifest.Goldens is [GoldenImage golden, ..]
            ? package.ReadFile(golden.Image)
            : throw new ModelPackageException(package.Folder, "it has no golden image; name one with --image");
    }
}
