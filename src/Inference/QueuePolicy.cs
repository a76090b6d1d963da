namespace YMaskNet.Inference;

/// <summary>What happens to an inspection when the model's queue is full.</summary>
public enum QueuePolicy
{
    /// <summary>It is refused at once with the reason <c>QUEUE_FULL</c>: overload must be seen early.</summary>
    Refuse,

    /// <summary>It waits for its turn, before its image is decoded: for callers that hold themselves back.</summary>
    Wait,
}
