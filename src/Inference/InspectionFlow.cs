namespace YMaskNet.Inference;

/// <summary>
/// One stream of inspections, as a session's frames or a connection's calls. Flows of one priority take turns on a model's
/// lanes, one inspection each, and share the room to wait there, so that a flow that sends much does not hold up one that
/// sends little. It has no state of its own: what counts is which object it is.
/// </summary>
public sealed class InspectionFlow;
