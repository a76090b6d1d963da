namespace YMaskNet.Inference;

/// <summary>
/// Who is inspected first when inspections wait. It is strict: while a higher one waits, a lower one does not start. An
/// inspection that runs is never interrupted.
/// </summary>
public enum InspectionPriority
{
    /// <summary>When nothing else waits, for example a recheck of stored images.</summary>
    Low,

    /// <summary>The default.</summary>
    Normal,

    /// <summary>Before all others, for example a station that stops the line.</summary>
    High,
}
