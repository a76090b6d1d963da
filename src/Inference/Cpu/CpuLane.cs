using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Cpu;

/// <summary>
/// A lane on the CPU: every operation runs at once. Buffers are made when it is constructed and serve one inspection after
/// the other; what a finishing operation returns is copied out of them.
/// </summary>
internal sealed class CpuLane : ILane
{
    private readonly ModelManifest _manifest;
    private readonly LetterboxWriter _letterboxWriter;
    private readonly Stage1 _stage1;
    private readonly Detector? _detector;
    private readonly SecondStage? _secondStage;
    private readonly RegionState[] _regions;
    private readonly byte[] _networkClasses;
    private int _regionCount;
    private Letterbox _letterbox;
    private LaneTimes _times;

    /// <param name="package">The model.</param>
    /// <param name="intraOpThreads">Threads inside one operator of the networks.</param>
    /// <param name="laneCount">Lanes that share the cores.</param>
    /// <exception cref="ModelPackageException">The networks are not what the manifest says.</exception>
    public CpuLane(ModelPackage package, int intraOpThreads, int laneCount)
    {
        _manifest = package.Manifest;
        _letterboxWriter = new LetterboxWriter(_manifest.Input);
        _regions = new RegionState[_manifest.Detection?.MaxRois ?? 0];
        _networkClasses = _manifest.Semantic is null ? [] : new byte[_manifest.Input.Width * _manifest.Input.Height];
        if (_manifest.Detection is { } detection)
            _detector = new Detector(_manifest, detection);

        using SessionOptions options = CpuSessions.Options(intraOpThreads, laneCount);
        _stage1 = new Stage1(package, options);
        if (_manifest is { Regions: { } regions, Refinement: { } refinement })
            _secondStage = new SecondStage(package, regions, refinement, _regions.Length, options);
    }

    public string ExecutionProvider => "CPUExecutionProvider";

    public string Device => "cpu";

    private ReadOnlySpan<RegionState> Regions => _regions.AsSpan(0, _regionCount);

    public void Prepare(Frame frame)
    {
        long start = Stopwatch.GetTimestamp();
        _regionCount = 0;
        _letterbox = _letterboxWriter.Write(frame, _stage1.Input);
        _times = new LaneTimes { Preprocess = Stopwatch.GetElapsedTime(start) };
    }

    public void RunStage1()
    {
        long start = Stopwatch.GetTimestamp();
        _stage1.Run();
        _times = _times with { Stage1 = Stopwatch.GetElapsedTime(start) };
    }

    public void Detect(in DetectionLimits limits)
    {
        long start = Stopwatch.GetTimestamp();
        Detector detector = Needed(_detector);
        detector.Clear();
        IReadOnlyList<AnchorHead> heads = _manifest.Detection!.Heads;
        for (int head = 0; head < heads.Count; head++)
            detector.Decode(head, _stage1.Values(heads[head].Tensor), _letterbox.Content, limits.MinScore);
        foreach (ref readonly Candidate candidate in detector.Suppress(limits))
        {
            _regions[_regionCount++] = new RegionState(
                candidate.Box, _letterbox.ToImage(candidate.Box), candidate.ClassId, candidate.Score, candidate.AnchorIndex);
        }

        _times = _times with { Detection = Stopwatch.GetElapsedTime(start) };
    }

    public void TakeRegions(ReadOnlySpan<RegionOutline> outlines)
    {
        foreach (ref readonly RegionOutline outline in outlines)
        {
            _regions[_regionCount] = new RegionState(
                _letterbox.ToNetwork(outline.ImageBox), outline.ImageBox, outline.ClassId, Score: 1f, AnchorIndex: _regionCount);
            _regionCount++;
        }
    }

    public void AlignRegions()
    {
        long start = Stopwatch.GetTimestamp();
        Needed(_secondStage).Align(_stage1, Regions);
        _times = _times with { RoiAlign = Stopwatch.GetElapsedTime(start) };
    }

    public void RunStage2()
    {
        long start = Stopwatch.GetTimestamp();
        Needed(_secondStage).Run(_regionCount);
        _times = _times with { Stage2 = Stopwatch.GetElapsedTime(start) };
    }

    public LaneResult FinishDetected()
    {
        FoundInstance[] instances = new FoundInstance[_regionCount];
        for (int index = 0; index < instances.Length; index++)
        {
            RegionState region = _regions[index];
            instances[index] = new FoundInstance(
                region.ClassId.GetValueOrDefault(), region.Score, region.ImageBox.ToPixelBox(), Mask: null);
        }

        return new LaneResult { Instances = instances, Times = _times };
    }

    public LaneResult FinishRefined(float minScore)
    {
        long start = Stopwatch.GetTimestamp();
        FoundInstance[] instances = Needed(_secondStage).Refine(Regions, _letterbox, minScore);
        return new LaneResult { Instances = instances, Times = _times with { Segmentation = Stopwatch.GetElapsedTime(start) } };
    }

    public LaneResult FinishOutlined()
    {
        long start = Stopwatch.GetTimestamp();
        FoundInstance[] instances = Needed(_secondStage).Outline(Regions, _letterbox);
        return new LaneResult { Instances = instances, Times = _times with { Segmentation = Stopwatch.GetElapsedTime(start) } };
    }

    public LaneResult FinishClassMap()
    {
        long start = Stopwatch.GetTimestamp();
        SemanticDescription semantic = Needed(_manifest.Semantic);
        int columns = _letterbox.ContentWidth;
        int rows = _letterbox.ContentHeight;
        Span<byte> classes = _networkClasses.AsSpan(0, columns * rows);
        SemanticClassMap.ArgMax(
            _stage1.Values(semantic.Tensor),
            _manifest.Classes.Count,
            _manifest.Input.Width,
            _letterbox.Left,
            _letterbox.Top,
            columns,
            rows,
            semantic.BackgroundClass,
            classes);
        ClassMap map = new(_letterbox.ImageWidth, _letterbox.ImageHeight);
        SemanticClassMap.Resample(classes, columns, rows, map.Classes, map.Width, map.Height);
        return new LaneResult { ClassMap = map, Times = _times with { Segmentation = Stopwatch.GetElapsedTime(start) } };
    }

    public void Dispose()
    {
        _secondStage?.Dispose();
        _stage1.Dispose();
    }

    private T Needed<T>(T? part)
        where T : class =>
        part ?? throw new InvalidOperationException($"The model {_manifest.Reference} has no {typeof(T).Name}; its tasks should not have let this through.");
}
