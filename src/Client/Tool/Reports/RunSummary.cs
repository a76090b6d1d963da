using System.Globalization;
using Spectre.Console;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Reports;

/// <summary>Counts and times over a run.</summary>
internal sealed class RunSummary(TimeProvider time)
{
    private static readonly (string Name, Func<StageTimes, float> Milliseconds)[] Stages =
    [
        ("decode", times => times.DecodeMs),
        ("queue", times => times.QueueMs),
        ("preprocess", times => times.PreprocessMs),
        ("stage 1", times => times.Stage1Ms),
        ("detection", times => times.DetectionMs),
        ("RoIAlign", times => times.RoiAlignMs),
        ("stage 2", times => times.Stage2Ms),
        ("segmentation", times => times.SegmentationMs),
        ("results", times => times.ResultsMs),
    ];

    private readonly double[] _stageSums = new double[Stages.Length];
    private double _totalSum;
    private int _inspectedCount;
    private int _defectCount;
    private int _regionCount;
    private long _start;
    private TimeSpan _elapsed;

    public int FailedCount { get; private set; }

    public int ImageCount => _inspectedCount + FailedCount;

    public void Start() => _start = time.GetTimestamp();

    public void Stop() => _elapsed = time.GetElapsedTime(_start);

    public void Add(ImageOutcome outcome)
    {
        if (outcome is not InspectedImage image)
        {
            FailedCount++;
            return;
        }

        _inspectedCount++;
        _defectCount += image.Defects.Count;
        _regionCount += image.Regions.Count;
        _totalSum += image.Times.TotalMs;
        for (int i = 0; i < Stages.Length; i++)
            _stageSums[i] += Stages[i].Milliseconds(image.Times);
    }

    public void Write(IAnsiConsole console) => console.WriteLine(Describe());

    public string Describe()
    {
        string found = _regionCount > 0 ? Plural.Of(_regionCount, "region") : Plural.Of(_defectCount, "defect");
        string failed = FailedCount > 0 ? $", {FailedCount} failed" : "";
        double imagesPerSecond = ImageCount / Math.Max(_elapsed.TotalSeconds, 1e-9);
        string summary = string.Create(
            CultureInfo.InvariantCulture, $"{Plural.Of(ImageCount, "image")}, {found}{failed}, {imagesPerSecond:0.0} images/s");
        if (_inspectedCount == 0)
            return summary;

        IEnumerable<string> stages = Stages
            .Select((stage, i) => (stage.Name, Mean: _stageSums[i] / _inspectedCount))
            .Where(stage => stage.Mean > 0)
            .Select(stage => string.Create(CultureInfo.InvariantCulture, $"{stage.Name} {stage.Mean:0.0}"));
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{summary}; server mean {_totalSum / _inspectedCount:0.0} ms ({string.Join(", ", stages)})");
    }
}
