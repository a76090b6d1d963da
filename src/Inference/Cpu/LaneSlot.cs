using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Cpu;

/// <summary>One inspection of a lane's batch: how its image was letterboxed, its regions and its times.</summary>
/// <param name="maxRois">Most regions.</param>
internal sealed class LaneSlot(int maxRois)
{
    private readonly RegionState[] _regions = new RegionState[maxRois];
    private int _regionCount;

    public Letterbox Letterbox { get; private set; }

    public LaneTimes Times { get; set; }

    public ReadOnlySpan<RegionState> Regions => _regions.AsSpan(0, _regionCount);

    /// <summary>Where its regions begin among those of the batch that the second network sees.</summary>
    public int FirstRegion { get; set; }

    /// <summary>Begins with the next image.</summary>
    public void Start(in Letterbox letterbox)
    {
        Letterbox = letterbox;
        Times = default;
        _regionCount = 0;
    }

    public void Add(in RegionState region) => _regions[_regionCount++] = region;
}
