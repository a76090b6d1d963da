namespace YMaskNet.Server.Sessions;

/// <summary>Frames of a session that wait for an inspection, oldest first. Not safe for calls from many threads.</summary>
/// <param name="capacity">Most frames. Range: >= 1.</param>
internal sealed class WaitingFrames(int capacity)
{
    private readonly Queue<SessionFrame> _frames = new();

    /// <summary>Adds a frame; where there is no room, in the place of the oldest, which is returned.</summary>
    public SessionFrame? Add(SessionFrame frame)
    {
        SessionFrame? displaced = _frames.Count == capacity ? _frames.Dequeue() : null;
        _frames.Enqueue(frame);
        return displaced;
    }

    /// <summary>Takes the oldest out; <see langword="null"/> where none waits.</summary>
    public SessionFrame? Take() => _frames.TryDequeue(out SessionFrame? frame) ? frame : null;
}
