namespace YMaskNet.Inference.Placement;

/// <summary>Where the nodes of a network run.</summary>
/// <param name="Path">The network's file inside the model's folder.</param>
/// <param name="Nodes">
/// What ran when the network was run for the first time, in that order, as ONNX Runtime's own profile tells it.
/// </param>
public sealed record NetworkPlacement(string Path, IReadOnlyList<NodePlacement> Nodes);
