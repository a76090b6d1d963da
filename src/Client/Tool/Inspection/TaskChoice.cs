namespace YMaskNet.Client.Tool.Inspection;

/// <summary>The values of <c>--task</c>.</summary>
internal enum TaskChoice
{
    Detect,
    Segment,
    Both,
}
