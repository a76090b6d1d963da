using System.Globalization;
using System.Runtime.InteropServices;

namespace YMaskNet.Inference.Gpu.Devices;

/// <summary>ONNX Runtime's CUDA provider as it lies on the disk: what it needs is in its file, and nothing has to be loaded to know it.</summary>
internal sealed class CudaProvider
{
    /// <summary>The provider's file, beside ONNX Runtime's own library.</summary>
    public const string FileName = "libonnxruntime_providers_cuda.so";

    private const string CudaRunTime = "libcudart.so.";

    // What the provider loads by name at its first convolution and its first Fourier transform, by CUDA's major version.
    private static readonly Dictionary<int, string[]> LoadedLater = new()
    {
        [12] = ["libcudnn.so.9", "libcufft.so.11"],
        [13] = ["libcudnn.so.9", "libcufft.so.12"],
    };

    private readonly string _folder;
    private readonly IReadOnlyList<string> _libraries;

    private CudaProvider(string folder, IReadOnlyList<string> libraries)
    {
        _folder = folder;
        _libraries = libraries;
        CudaMajor = MajorOf(libraries);
    }

    /// <summary>The major version of CUDA that it is built for; a driver of any minor version serves it. 0: the file does not tell.</summary>
    public int CudaMajor { get; }

    /// <summary>The provider in a folder, or null where there is none that can be read.</summary>
    public static CudaProvider? In(string folder)
    {
        string path = Path.Combine(folder, FileName);
        return File.Exists(path) && SharedLibraryFile.TryReadNeeded(path, out IReadOnlyList<string> libraries)
            ? new CudaProvider(folder, libraries)
            : null;
    }

    /// <summary>The first library that is neither beside the provider nor where the system looks, or null.</summary>
    public string? FirstMissingLibrary() =>
        _libraries.Concat(LoadedLater.GetValueOrDefault(CudaMajor, [])).FirstOrDefault(library => !IsThere(library));

    private static int MajorOf(IReadOnlyList<string> libraries)
    {
        string? name = libraries.FirstOrDefault(library => library.StartsWith(CudaRunTime, StringComparison.Ordinal));
        return name is not null && int.TryParse(name.AsSpan(CudaRunTime.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int major)
            ? major
            : 0;
    }

    private bool IsThere(string library)
    {
        if (File.Exists(Path.Combine(_folder, library)))
            return true;
        if (!NativeLibrary.TryLoad(library, out nint handle))
            return false;

        NativeLibrary.Free(handle);
        return true;
    }
}
