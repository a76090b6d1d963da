using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>Times of a board's stages: the sums of its tiles'.</summary>
internal sealed class BoardTimes
{
    private StageTimes _sum = new();

    public void Add(StageTimes tile) => _sum = _sum with
    {
        Decode = _sum.Decode + tile.Decode,
        Queue = _sum.Queue + tile.Queue,
        Preprocess = _sum.Preprocess + tile.Preprocess,
        Stage1 = _sum.Stage1 + tile.Stage1,
        Detection = _sum.Detection + tile.Detection,
        RoiAlign = _sum.RoiAlign + tile.RoiAlign,
        Stage2 = _sum.Stage2 + tile.Stage2,
        Segmentation = _sum.Segmentation + tile.Segmentation,
        Results = _sum.Results + tile.Results,
    };

    /// <summary>Adds time for putting tiles together.</summary>
    public void AddResults(TimeSpan time) => _sum = _sum with { Results = _sum.Results + time };

    public StageTimes Sum(TimeSpan decode, TimeSpan encoding, TimeSpan total) =>
        _sum with { Decode = _sum.Decode + decode, Results = _sum.Results + encoding, Total = total };
}
