namespace YMaskNet.Inference.Results;

/// <summary>A connected part of one class, as runs: its mask is made when it is asked for.</summary>
/// <param name="classId">The class.</param>
/// <param name="firstRun">Number of its top-most, left-most run.</param>
internal sealed class LabelledRegion(int classId, int firstRun)
{
    private readonly List<RegionLabeller.Run> _runs = [];
    private double _sumX;
    private double _sumY;
    private int _left = int.MaxValue;
    private int _right;

    public int ClassId { get; } = classId;

    public int FirstRun { get; } = firstRun;

    /// <summary>Number of pixels.</summary>
    public long Area { get; private set; }

    /// <summary>Mean of the pixel centres' x.</summary>
    public double CentroidX => _sumX / Area;

    /// <summary>Mean of the pixel centres' y.</summary>
    public double CentroidY => _sumY / Area;

    /// <summary>Tight bounding box in image pixels.</summary>
    public PixelBox Box => new(_left, _runs[0].Row, _right - _left, _runs[^1].Row + 1 - _runs[0].Row);

    /// <summary>Adds a run, of the same row as the last one or of a later one.</summary>
    public void Add(in RegionLabeller.Run run)
    {
        int length = run.End - run.Start;
        Area += length;
        // Centres start + 0.5 to end - 0.5: their mean is halfway between the run's ends.
        _sumX += length * ((run.Start + run.End) / 2.0);
        _sumY += length * (run.Row + 0.5);
        _left = Math.Min(_left, run.Start);
        _right = Math.Max(_right, run.End);
        _runs.Add(run);
    }

    /// <summary>The region with its mask in one rectangle.</summary>
    public ConnectedRegion ToConnectedRegion() => new(ClassId, Area, CentroidX, CentroidY, ToMasks(int.MaxValue)[0]);

    /// <summary>The pixels in masks of at most so many rows each, one below the other, each in its tight rectangle.</summary>
    public List<BinaryMask> ToMasks(int maxRows)
    {
        List<BinaryMask> masks = [];
        for (int start = 0; start < _runs.Count;)
        {
            int end = start;
            int left = int.MaxValue;
            int right = 0;
            for (; end < _runs.Count && (long)_runs[end].Row - _runs[start].Row < maxRows; end++)
            {
                left = Math.Min(left, _runs[end].Start);
                right = Math.Max(right, _runs[end].End);
            }

            BinaryMask mask = new(left, _runs[start].Row, right - left, _runs[end - 1].Row + 1 - _runs[start].Row);
            for (; start < end; start++)
                mask.AddRun(_runs[start].Row - mask.Y, _runs[start].Start - left, _runs[start].End - left);
            masks.Add(mask);
        }

        return masks;
    }
}
