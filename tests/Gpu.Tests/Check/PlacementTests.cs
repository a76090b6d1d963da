using YMaskNet.Inference.Networks;
using YMaskNet.Inference.Placement;
using YMaskNet.Perf.Gpu.WholePath;

namespace YMaskNet.Gpu.Tests.Check;

/// <summary>
/// Where ONNX Runtime's profile says that nodes ran. profile.json is a shortened one of its CPU provider; profile-with-copies.json
/// the same as the CUDA provider writes it where it has no kernel for one node.
/// </summary>
public class PlacementTests
{
    private const string Cuda = "CUDAExecutionProvider";

    [Fact]
    public void Judge_ARecordedProfile_AllNodesOfOneProvider()
    {
        PlacementVerdict verdict = PlacementCheck.Judge("a network", NodesOf("profile.json"), "CPUExecutionProvider");

        Assert.Equal((5, 0), (verdict.Nodes, verdict.CopyNodes));
        Assert.Empty(verdict.Failures);
    }

    [Fact]
    public void Judge_CopiesBetweenNodes_FailsAndNamesThemAndWhoRanTheirNeighbour()
    {
        PlacementVerdict verdict = PlacementCheck.Judge("a network", NodesOf("profile-with-copies.json"), Cuda);

        Assert.Equal((7, 2), (verdict.Nodes, verdict.CopyNodes));
        Assert.Collection(
            verdict.Failures,
            failure => Assert.Contains("MemcpyFromHost Memcpy_token_1, MemcpyToHost Memcpy", failure, StringComparison.Ordinal),
            failure => Assert.Contains("not all nodes run on CUDAExecutionProvider: 1 on CPUExecutionProvider", failure, StringComparison.Ordinal));
    }

    private static NodePlacement[] NodesOf(string file) =>
    [
        .. NetworkProfile.Read(Path.Combine(AppContext.BaseDirectory, "Check", file))
            .Select(run => new NodePlacement(run.Name, run.Operator, run.ExecutionProvider)).Distinct(),
    ];
}
