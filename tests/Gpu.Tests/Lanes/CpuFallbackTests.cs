using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Inference;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Placement;
using YMaskNet.Testing;

namespace YMaskNet.Gpu.Tests.Lanes;

/// <summary>Nodes that the device's provider can't run: the model is refused, unless its manifest allows them.</summary>
public class CpuFallbackTests
{
    private const string Lacked = "GlobalMaxPool";

    [Fact]
    public void StartAsync_NodesOnTheCpu_RefusesAndNamesThem() => DriverProcess.Passes(static () =>
    {
        using Engines engines = new();

        ModelPackageException refusal = Assert.Throws<ModelPackageException>(() => engines.OnGpu(networks: new StandInNetworkProvider { LackedOperator = Lacked }));

        Assert.Matches($@"stage2\.onnx: 1 of its \d+ nodes don't run in StandInExecutionProvider: {Lacked} '", refusal.Message);
        Assert.Contains("\"allowCpuFallback\": true in model.json would let them", refusal.Message, StringComparison.Ordinal);
    });

    [Fact]
    public void StartAsync_NodesOnTheCpuAllowed_StartsAndTheirPlacementIsTold() => DriverProcess.Passes(static () =>
    {
        using Engines engines = new();
        engines.AllowCpuFallback();

        InspectionEngine gpu = engines.OnGpu(networks: new StandInNetworkProvider { LackedOperator = Lacked });

        ModelPlacement placement = gpu.GetModel(TestModels.TinyYMaskNet).Placement;
        Assert.Contains(placement.Networks.SelectMany(network => network.Nodes), node => node.Operator == Lacked);
        Assert.Contains(new OperatorPlacement("RoIAlign", "cuda:0"), placement.Operators);
        Assert.Contains(new OperatorPlacement("image decoding", "cpu"), placement.Operators);
    });
}
