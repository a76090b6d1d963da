using System.Security.Cryptography;
using YMaskNet.Inference.Models;

namespace YMaskNet.Parity.Tests;

/// <summary>Where the committed models, samples and goldens lie.</summary>
internal static class Repository
{
    private const string Marker = "YMaskNet.Grpc.sln";

    private static readonly string Root = FindRoot();

    /// <summary>The folder of all model packages.</summary>
    public static string Models { get; } = Path.Combine(Root, "models");

    private static readonly string Goldens = Path.Combine(Root, "tests", "goldens");

    private static readonly string[] ImageFolders =
        [Path.Combine(Root, "samples"), Path.Combine(Root, "samples", "tiles"), Path.Combine(Goldens, "images")];

    /// <summary>The file of a model's goldens of one task.</summary>
    public static string GoldenFile(string model, ModelPrecision precision, string task)
    {
        string folder = precision == ModelPrecision.Fp32 ? "" : precision.ToString().ToLowerInvariant();
        return Path.Combine(Goldens, model, folder, $"{task}.jsonl");
    }

    /// <summary>The names of the models that have goldens of a task, and the precisions that they have them of.</summary>
    public static IEnumerable<(string Model, ModelPrecision Precision)> ModelsWith(string task) =>
        from folder in Directory.EnumerateDirectories(Goldens)
        let model = Path.GetFileName(folder)
        orderby model
        from precision in Enum.GetValues<ModelPrecision>()
        where File.Exists(GoldenFile(model, precision, task))
        select (model, precision);

    /// <summary>The bytes of a golden's image.</summary>
    /// <exception cref="InvalidDataException">The image is another than the golden was made of.</exception>
    public static byte[] ReadImage(Golden golden)
    {
        ArgumentNullException.ThrowIfNull(golden);
        string path = ImageFolders.Select(folder => Path.Combine(folder, golden.Image)).FirstOrDefault(File.Exists)
            ?? throw new FileNotFoundException($"No image {golden.Image} in {string.Join(" or ", ImageFolders)}.");
        byte[] bytes = File.ReadAllBytes(path);
        return Convert.ToHexStringLower(SHA256.HashData(bytes)) == golden.Sha256
            ? bytes
            : throw new InvalidDataException($"{path} has changed since its goldens were made: run training.golden again.");
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, Marker)))
            {
                return folder.FullName;
            }
        }

        throw new DirectoryNotFoundException($"No {Marker} above {AppContext.BaseDirectory}.");
    }
}
