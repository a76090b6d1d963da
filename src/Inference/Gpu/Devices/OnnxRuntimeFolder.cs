using System.Runtime.InteropServices;

namespace YMaskNet.Inference.Gpu.Devices;

/// <summary>Where ONNX Runtime looks for its CUDA provider: beside its own library.</summary>
internal static class OnnxRuntimeFolder
{
    /// <summary>The folder with the provider, or where it would have to be.</summary>
    public static string Find()
    {
        // A program for every platform has them by platform, one for a single platform beside itself.
        string program = AppContext.BaseDirectory;
        string ofPlatform = Path.Combine(program, "runtimes", RuntimeInformation.RuntimeIdentifier, "native");
        return File.Exists(Path.Combine(ofPlatform, CudaProvider.FileName)) ? ofPlatform : program;
    }
}
