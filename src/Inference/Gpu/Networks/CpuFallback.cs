using YMaskNet.Inference.Models;
using YMaskNet.Inference.Placement;

namespace YMaskNet.Inference.Gpu.Networks;

/// <summary>Nodes that ONNX Runtime has run on the CPU because its provider for the device can't: each costs copies there and back.</summary>
internal static class CpuFallback
{
    private const int MostNamed = 5;

    /// <param name="package">The model.</param>
    /// <param name="placement">Where its nodes ran.</param>
    /// <param name="provider">Where they were to run.</param>
    /// <exception cref="ModelPackageException">There are some, and the manifest does not allow them.</exception>
    public static void Check(ModelPackage package, ModelPlacement placement, INetworkProvider provider)
    {
        if (package.Manifest.AllowCpuFallback)
            return;
        foreach (NetworkPlacement network in placement.Networks)
        {
            NodePlacement[] fallen = [.. network.Nodes.Where(node => !provider.RunsItself(node))];
            if (fallen.Length == 0)
                continue;
            string named = string.Join(", ", fallen.Take(MostNamed).Select(node => $"{node.Operator} '{node.Name}' in {node.ExecutionProvider}"));
            string more = fallen.Length > MostNamed ? $" and {fallen.Length - MostNamed} more" : "";
            throw new ModelPackageException(
                package.Resolve(network.Path),
                $"{fallen.Length} of its {network.Nodes.Count} nodes don't run in {provider.ExecutionProvider}: {named}{more}; "
                + "\"allowCpuFallback\": true in model.json would let them");
        }
    }
}
