using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Cpu;

/// <summary>One inspection of a lane's batch: how its image was letterboxed, its regions and its times.</summary>
/// <param name="maxRois">Most regions.</param>
internal sealed class LaneSlot(int maxRois)
{
    private readonly RegionState[] _regions = new RegionState[maxRois];
    private int _regionCount;

    /// <summary>What to do with the image.</summary>
    public InspectionPlan Plan { get; private set; } = null!;

    /// <summary>The caller's regions.</summary>
    public ReadOnlyMemory<RegionOutline> Outlines { get; private set; }

    public Letterbox Letterbox { get; private set; }

    public LaneTimes Times { get; set; }

    public ReadOnlySpan<RegionState> Regions => _regions.AsSpan(0, _regionCount);

    /// <summary>Where its regions begin among those of the batch that the second network sees.</summary>
    public int FirstRegion { get; set; }

    /// <summary>Begins with the next image.</summary>
    public void Start(InspectionPlan plan, ReadOnlyMemory<RegionOutline> outlines, in Letterbox letterbox)
    {
        Plan = plan;
        Outlines = outlines;
        Letterbox = letterbox;
        Times = default;
        _regionCount = 0;
    }

    public void Add(in RegionState region) => _regions[_regionCount++] = region;
}
