using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Gpu.Networks;
using YMaskNet.Testing;

namespace YMaskNet.Gpu.Tests.Networks;

/// <summary>Nodes that would run on the CPU are refused, unless the manifest allows them.</summary>
public sealed class GpuSessionOptionsTests : IDisposable
{
    private readonly string _models = Directory.CreateTempSubdirectory("ymasknet-models-").FullName;

    public void Dispose() => Directory.Delete(_models, recursive: true);

    [Fact]
    public void Create_NoFallback_NodesOnTheCpuAreRefused()
    {
        // Without a GPU's provider every node would run on the CPU.
        string network = Path.Combine(TestModels.WriteYoloV5(_models), "stage1.onnx");
        using SessionOptions strict = GpuSessionOptions.Create(allowsCpuFallback: false);
        using SessionOptions lenient = GpuSessionOptions.Create(allowsCpuFallback: true);

        OnnxRuntimeException refusal = Assert.Throws<OnnxRuntimeException>(() => new InferenceSession(network, strict));

        Assert.Contains("fallback to CPU", refusal.Message, StringComparison.OrdinalIgnoreCase);
        using InferenceSession session = new(network, lenient);
        Assert.Single(session.InputMetadata);
    }

    [Theory]
    [InlineData(1, new[] { 1 })]
    [InlineData(2, new[] { 1, 2 })]
    [InlineData(6, new[] { 1, 2, 4, 6 })]
    [InlineData(8, new[] { 1, 2, 4, 8 })]
    public void BatchSizes_ALargest_PowersOfTwoAndItself(int largest, int[] sizes)
    {
        Assert.Equal(sizes, BatchSizes.UpTo(largest));
        for (int count = 1; count <= largest; count++)
            Assert.Equal(sizes.First(size => size >= count), sizes[BatchSizes.IndexFor(count, sizes)]);
    }
}
