using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace YMaskNet.Inference.Models;

/// <summary>A model package on disk, its manifest read and checked.</summary>
internal sealed class ModelPackage
{
    private const string ManifestFileName = "model.json";

    private ModelPackage(string folder, ModelManifest manifest, string manifestSha256, ModelPrecision precision = ModelPrecision.Fp32)
    {
        Folder = folder;
        Manifest = manifest;
        ManifestSha256 = manifestSha256;
        Precision = precision;
    }

    /// <summary>The folder, <c>models/name/version</c>.</summary>
    public string Folder { get; }

    /// <summary>What <c>model.json</c> says.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>SHA-256 of <c>model.json</c>, lower-case hexadecimal; since it holds the files' digests, it stands for all of them.</summary>
    public string ManifestSha256 { get; }

    /// <summary>What its networks are to compute in; <see cref="ModelPrecision.Fp32"/> as it is read.</summary>
    public ModelPrecision Precision { get; }

    /// <summary>Reads the manifests of all packages, ordered by name, then by version.</summary>
    /// <exception cref="ModelPackageException">There is no folder, no package, or a broken one.</exception>
    public static IReadOnlyList<ModelPackage> ReadAll(string modelsDirectory)
    {
        if (!Directory.Exists(modelsDirectory))
            throw new ModelPackageException(modelsDirectory, "there is no such models directory");

        List<ModelPackage> packages = [];
        try
        {
            foreach (string modelFolder in Directory.EnumerateDirectories(modelsDirectory))
            {
                foreach (string versionFolder in Directory.EnumerateDirectories(modelFolder))
                    packages.Add(Read(versionFolder));
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelPackageException(modelsDirectory, exception.Message, exception);
        }

        if (packages.Count == 0)
            throw new ModelPackageException(modelsDirectory, "no model package in it; one is a folder <name>/<version> with a model.json");
        return
        [
            .. packages
                .OrderBy(package => package.Manifest.Name, StringComparer.Ordinal)
                .ThenBy(package => package.Manifest.Version),
        ];
    }

    /// <summary>Reads the manifest of one package.</summary>
    /// <exception cref="ModelPackageException">It is missing or broken.</exception>
    public static ModelPackage Read(string folder)
    {
        string path = Path.Combine(folder, ManifestFileName);
        byte[] bytes = ReadBytes(path);
        ModelManifest manifest;
        try
        {
            manifest = ManifestJson.Read(bytes);
        }
        catch (JsonException exception)
        {
            throw new ModelPackageException(path, exception.Message, exception);
        }

        DirectoryInfo versionFolder = new(folder);
        ManifestValidator.Check(manifest, path, versionFolder.Parent?.Name ?? "", versionFolder.Name);
        return new ModelPackage(folder, manifest, Convert.ToHexStringLower(SHA256.HashData(bytes)));
    }

    /// <summary>The same package, to run in a precision that it has.</summary>
    public ModelPackage In(ModelPrecision precision) => new(Folder, Manifest, ManifestSha256, precision);

    /// <summary>Full path of a network's file in the precision that the package is to run in.</summary>
    public string PathOf(ModelFileRole role) => Resolve(Manifest.FileOf(role, Precision).Path);

    /// <summary>Reads a network in the precision that the package is to run in and compares it with its digest.</summary>
    /// <exception cref="ModelPackageException">It is missing, or differs from what the manifest says.</exception>
    public byte[] ReadNetwork(ModelFileRole role)
    {
        return ReadChecked(Manifest.FileOf(role, Precision));
    }

    /// <summary>Compares the networks that are not to run with their digests: what lies in a package is whole.</summary>
    /// <exception cref="ModelPackageException">One is missing, or differs from what the manifest says.</exception>
    public void CheckOtherNetworks()
    {
        foreach (ModelFile file in Manifest.Files.Where(file => file != Manifest.FileOf(file.Role, Precision)))
            ReadChecked(file);
    }

    /// <summary>Reads another file of the package, for example a golden image.</summary>
    /// <exception cref="ModelPackageException">It can't be read.</exception>
    public byte[] ReadFile(string relativePath) => ReadBytes(Resolve(relativePath));

    /// <summary>The networks' files.</summary>
    public IReadOnlyList<ModelFileInfo> DescribeFiles() =>
    [
        .. Manifest.Files.Select(file => new ModelFileInfo(
            file.Path,
            file.Sha256.ToLower(CultureInfo.InvariantCulture),
            new FileInfo(Resolve(file.Path)).Length,
            file.Precision)),
    ];

    /// <summary>Full path of a file of the package.</summary>
    public string Resolve(string relativePath) => Path.Combine(Folder, Path.Combine(relativePath.Split('/')));

    private byte[] ReadChecked(ModelFile file)
    {
        string path = Resolve(file.Path);
        byte[] bytes = ReadBytes(path);
        string digest = Convert.ToHexStringLower(SHA256.HashData(bytes));
        if (!string.Equals(digest, file.Sha256, StringComparison.OrdinalIgnoreCase))
            throw new ModelPackageException(path, $"its SHA-256 is {digest}; model.json says {file.Sha256}");
        return bytes;
    }

    private static byte[] ReadBytes(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new ModelPackageException(path, "there is no such file", exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new ModelPackageException(path, exception.Message, exception);
        }
    }
}
