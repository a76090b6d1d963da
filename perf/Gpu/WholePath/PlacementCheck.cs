using YMaskNet.Inference;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>Looks at where ONNX Runtime's own profiles say that nodes ran: whether it copies between host and device, and whether any ran elsewhere.</summary>
internal static class PlacementCheck
{
    private const string CopyOperator = "Memcpy";

    /// <summary>Looks at every network of every model.</summary>
    /// <param name="setup">The models, images and device.</param>
    /// <param name="executionProvider">ONNX Runtime's name of the provider that has to run every node.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public static async Task<IReadOnlyList<PlacementVerdict>> RunAsync(PathSetup setup, string executionProvider, CancellationToken cancellationToken)
    {
        await using InspectionEngine engine = await setup.StartOnGpuAsync(maxBatch: 1, gathersBatches: false, cancellationToken);
        return
        [
            .. engine.Models.SelectMany(model => model.Placement.Networks.Select(network =>
                Judge($"{model.Manifest.Reference} {network.Path}", network.Nodes, executionProvider))),
        ];
    }

    /// <summary>What a network's placement means.</summary>
    public static PlacementVerdict Judge(string network, IReadOnlyList<NodePlacement> nodes, string executionProvider)
    {
        List<string> failures = [];
        NodePlacement[] copies = [.. nodes.Where(IsCopy).OrderBy(node => node.Operator, StringComparer.Ordinal)];
        if (copies.Length > 0)
        {
            failures.Add($"{network}: ONNX Runtime copies between host and device in {copies.Length} nodes ({string.Join(", ", copies.Select(node => $"{node.Operator} {node.Name}"))}):"
                + " look at which of their neighbours the GPU's provider does not run");
        }

        string[] elsewhere =
        [
            .. nodes.Where(node => !IsCopy(node) && node.ExecutionProvider != executionProvider)
                .GroupBy(node => node.ExecutionProvider)
                .Select(provider => $"{provider.Count()} on {provider.Key}"),
        ];
        if (elsewhere.Length > 0)
            failures.Add($"{network}: not all nodes run on {executionProvider}: {string.Join(", ", elsewhere)}");
        return new PlacementVerdict(network, nodes.Count, copies.Length, failures);
    }

    // MemcpyFromHost and MemcpyToHost, which ONNX Runtime puts between nodes of different providers.
    private static bool IsCopy(NodePlacement node) => node.Operator.StartsWith(CopyOperator, StringComparison.Ordinal);
}

/// <summary>Where a network's nodes ran.</summary>
/// <param name="Network">The model and the network's file.</param>
/// <param name="Nodes">Nodes after ONNX Runtime's optimisation.</param>
/// <param name="CopyNodes">Those of them that copy between host and device.</param>
/// <param name="Failures">What is wrong, one line each.</param>
internal sealed record PlacementVerdict(string Network, int Nodes, int CopyNodes, IReadOnlyList<string> Failures);
