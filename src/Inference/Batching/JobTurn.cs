namespace YMaskNet.Inference.Batching;

/// <summary>Whose a job is and when it runs.</summary>
/// <param name="Flow">Jobs of different flows take turns.</param>
/// <param name="Priority">Higher ones come first.</param>
/// <param name="Deadline">A job that a lane would take later is ended instead; <see langword="null"/>: none.</param>
internal readonly record struct JobTurn(InspectionFlow Flow, InspectionPriority Priority, InspectionDeadline? Deadline);
