namespace YMaskNet.Inference.Placement;

/// <summary>What of a model runs where.</summary>
/// <param name="Networks">Its networks, in the order in which they run.</param>
/// <param name="Operators">The operators before, between and after them, in the order in which they run.</param>
public sealed record ModelPlacement(IReadOnlyList<NetworkPlacement> Networks, IReadOnlyList<OperatorPlacement> Operators);
