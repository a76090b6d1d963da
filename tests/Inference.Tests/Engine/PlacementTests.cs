using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Tests.Engine;

/// <summary>Where models say that they run.</summary>
public sealed class PlacementTests(TinyEngine engine) : IClassFixture<TinyEngine>
{
    [Fact]
    public void Placement_TwoStages_EveryNodeOfBothAndTheOperatorsAround()
    {
        ModelPlacement placement = engine.YMaskNet.Placement;

        Assert.Equal(["stage1.onnx", "stage2.onnx"], placement.Networks.Select(network => network.Path));
        Assert.All(placement.Networks, network =>
        {
            Assert.Contains(network.Nodes, node => node.Operator.Contains("Conv", StringComparison.Ordinal));
            Assert.Distinct(network.Nodes.Select(node => node.Name));
            Assert.All(network.Nodes, node => Assert.Equal("CPUExecutionProvider", node.ExecutionProvider));
        });
        Assert.Equal(
            ["image decoding", "letterbox", "anchor decoding", "non-maximum suppression", "RoIAlign", "refinement", "mask pasting", "mask encoding"],
            placement.Operators.Select(placed => placed.Operator));
        Assert.All(placement.Operators, placed => Assert.Equal("cpu", placed.Device));
    }

    [Fact]
    public void Placement_DetectorAlone_NoSecondNetwork()
    {
        ModelPlacement placement = engine.YoloV5.Placement;

        Assert.Equal("stage1.onnx", Assert.Single(placement.Networks).Path);
        Assert.DoesNotContain(placement.Operators, placed => placed.Operator == "RoIAlign");
    }

    [Fact]
    public void Placement_SemanticModel_ItsOwnOperators() => Assert.Equal(
        ["image decoding", "letterbox", "class map", "connected regions", "mask encoding"],
        engine.Semantic.Placement.Operators.Select(placed => placed.Operator));
}
