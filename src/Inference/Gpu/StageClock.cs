using ManagedCuda;
using ManagedCuda.BasicTypes;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Gpu.Memory;

namespace YMaskNet.Inference.Gpu;

/// <summary>What a batch's operations took on the device, by events in the compute stream after each.</summary>
internal sealed class StageClock : IDisposable
{
    private readonly OwnedResources _owned = new();
    private readonly CudaEvent[] _events;
    private readonly bool[] _isMarked;

    public StageClock()
    {
        int count = Enum.GetValues<Mark>().Length;
        _isMarked = new bool[count];
        _events = [.. Enumerable.Range(0, count).Select(_ => _owned.Add(new CudaEvent(CUEventFlags.Default)))];
    }

    /// <summary>An operation's end.</summary>
    public enum Mark
    {
        /// <summary>Before the first.</summary>
        Begin,
        Letterboxed,
        Stage1,
        Detected,
        Aligned,
        Stage2,
        Segmented,
    }

    /// <summary>Begins with a batch.</summary>
    public void Reset() => Array.Clear(_isMarked);

    /// <summary>What is in the stream now belongs to an operation or one before.</summary>
    public void Record(Mark mark, CudaStream stream)
    {
        _events[(int)mark].Record(stream.Stream);
        _isMarked[(int)mark] = true;
    }

    /// <summary>The times, once everything has been reached.</summary>
    public LaneTimes Read() => new()
    {
        Preprocess = Of(Mark.Letterboxed),
        Stage1 = Of(Mark.Stage1),
        Detection = Of(Mark.Detected),
        RoiAlign = Of(Mark.Aligned),
        Stage2 = Of(Mark.Stage2),
        Segmentation = Of(Mark.Segmented),
    };

    public void Dispose() => _owned.Dispose();

    /// <summary>From the mark before; zero where the operation did not run.</summary>
    private TimeSpan Of(Mark mark)
    {
        if (!_isMarked[(int)mark])
            return TimeSpan.Zero;
        int before = (int)mark - 1;
        while (!_isMarked[before])
            before--;
        return TimeSpan.FromMilliseconds(CudaEvent.ElapsedTime(_events[before], _events[(int)mark]));
    }
}
