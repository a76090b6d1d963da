using ManagedCuda.BasicTypes;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Networks;

namespace YMaskNet.Inference.Gpu.Networks;

/// <summary>A network of a GPU lane, its tensors in device memory. What is bound once is run often, and allocates nothing then.</summary>
internal sealed class GpuNetwork : IDisposable
{
    private readonly OwnedResources _owned = new();
    private readonly Network _network;
    private readonly INetworkProvider _provider;
    private readonly CUstream _stream;
    private int _recordings;

    /// <param name="package">The package.</param>
    /// <param name="role">Which of its networks.</param>
    /// <param name="provider">Where it runs.</param>
    /// <param name="device">The driver's number.</param>
    /// <param name="stream">The lane's compute stream.</param>
    /// <exception cref="ModelPackageException">The file is not what the manifest says, or ONNX Runtime can't load it.</exception>
    public GpuNetwork(ModelPackage package, ModelFileRole role, INetworkProvider provider, int device, CUstream stream)
    {
        _provider = provider;
        _stream = stream;
        MemoryInfo = _owned.Add(provider.CreateMemoryInfo(device));
        try
        {
            using SessionOptions options = provider.CreateSessionOptions(device, stream);
            _network = _owned.Add(new Network(package, role, options));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where ONNX Runtime has the device's memory to be.</summary>
    public OrtMemoryInfo MemoryInfo { get; }

    /// <summary>Compares names and shapes with the manifest's.</summary>
    public Network Description => _network;

    /// <summary>Binds tensors, and gives what runs the network on them.</summary>
    /// <param name="isRecorded">Whether it is bound and runs at the start, so that its kernels may be recorded then.</param>
    /// <param name="input">Name and tensor.</param>
    /// <param name="outputs">Names and tensors.</param>
    public Action Bind(bool isRecorded, (string Name, OrtValue Tensor) input, params ReadOnlySpan<(string Name, OrtValue Tensor)> outputs)
    {
        OrtIoBinding binding = _owned.Add(_network.CreateBinding());
        binding.BindInput(input.Name, _owned.Add(input.Tensor));
        foreach ((string name, OrtValue tensor) in outputs)
            binding.BindOutput(name, _owned.Add(tensor));
        RunOptions options = _owned.Add(_provider.CreateRunOptions(isRecorded ? _recordings++ : null));
        return () => _network.Run(binding, options);
    }

    /// <summary>Puts a run into the stream.</summary>
    public void Enqueue(Action run) => _provider.Enqueue(_stream, run);

    public void Dispose() => _owned.Dispose();
}
