namespace YMaskNet.Inference.Placement;

/// <summary>Where one of the operators around the networks runs.</summary>
/// <param name="Operator">What it does, for example <c>non-maximum suppression</c>.</param>
/// <param name="Device">The device, for example <c>cpu</c> or <c>cuda:0</c>.</param>
public readonly record struct OperatorPlacement(string Operator, string Device);
