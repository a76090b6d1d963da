using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Placement;

/// <summary>The operators around a model's networks.</summary>
internal static class OperatorsAround
{
    private const string Cpu = "cpu";

    /// <param name="manifest">The model.</param>
    /// <param name="device">Where its lanes run.</param>
    public static IReadOnlyList<OperatorPlacement> Of(ModelManifest manifest, string device)
    {
        List<OperatorPlacement> operators = [new("image decoding", Cpu), new("letterbox", device)];
        if (manifest.Detection is not null)
        {
            operators.Add(new OperatorPlacement("anchor decoding", device));
            operators.Add(new OperatorPlacement("non-maximum suppression", device));
        }

        if (manifest.Regions is not null)
        {
            operators.Add(new OperatorPlacement("RoIAlign", device));
            operators.Add(new OperatorPlacement("refinement", device));
            operators.Add(new OperatorPlacement("mask pasting", device));
        }

        if (manifest.Semantic is not null)
        {
            operators.Add(new OperatorPlacement("class map", device));
            operators.Add(new OperatorPlacement("connected regions", Cpu));
        }

        operators.Add(new OperatorPlacement("mask encoding", Cpu));
        return operators;
    }
}
