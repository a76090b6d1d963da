using System.Diagnostics;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Placement;
using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Cpu;

/// <summary>
/// A lane on the CPU: every operation runs at once. Buffers are made when it is constructed and serve one batch after the
/// other; a result is copied out of them.
/// </summary>
internal sealed class CpuLane : ILane, ILaneBatch
{
    private readonly ModelManifest _manifest;
    private readonly LetterboxWriter _letterboxWriter;
    private readonly Stage1 _stage1;
    private readonly Detector? _detector;
    private readonly SecondStage? _secondStage;
    private readonly LaneSlot[] _slots;
    private readonly byte[] _networkClasses;

    // What AlignRegions cut: RunStage2's input and whose time it takes.
    private readonly List<LaneSlot> _aligned = [];
    private int _alignedRegions;

    /// <param name="package">The model.</param>
    /// <param name="intraOpThreads">Threads inside one operator of the networks.</param>
    /// <param name="laneCount">Lanes that share the cores.</param>
    /// <param name="maxBatch">Most inspections in a batch.</param>
    /// <exception cref="ModelPackageException">The networks are not what the manifest says.</exception>
    public CpuLane(ModelPackage package, int intraOpThreads, int laneCount, int maxBatch)
    {
        _manifest = package.Manifest;
        Batches = [this];
        _letterboxWriter = new LetterboxWriter(_manifest.Input);
        int maxRois = _manifest.Detection?.MaxRois ?? 0;
        _slots = [.. Enumerable.Range(0, maxBatch).Select(_ => new LaneSlot(maxRois))];
        _networkClasses = _manifest.Semantic is null ? [] : new byte[_manifest.Input.Width * _manifest.Input.Height];
        if (_manifest.Detection is { } detection)
            _detector = new Detector(_manifest, detection);

        using SessionOptions options = CpuSessions.Options(intraOpThreads, laneCount);
        try
        {
            _stage1 = new Stage1(package, maxBatch, options);
            if (_manifest is { Regions: { } regions, Refinement: { } refinement })
                _secondStage = new SecondStage(package, regions, refinement, maxRois * maxBatch, options);
            Placement = new ModelPlacement(
                _secondStage is null ? [_stage1.Placement] : [_stage1.Placement, _secondStage.Placement],
                OperatorsAround.Of(_manifest, Device));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string ExecutionProvider => "CPUExecutionProvider";

    public string Device => "cpu";

    public ModelPlacement Placement { get; }

    public int MaxBatch => _slots.Length;

    public IReadOnlyList<ILaneBatch> Batches { get; }

    public bool IsLost => false;

    /// <summary>The first network's input of the first inspection in hand; for calibration.</summary>
    public ReadOnlySpan<float> NetworkInput => _stage1.Input(0);

    /// <summary>The second network's input of the inspections in hand, <c>[regions, C, size, size]</c>; for calibration.</summary>
    public ReadOnlySpan<float> RegionInput => Needed(_secondStage).Input(_alignedRegions);

    public void Prepare(int slot, Frame frame, InspectionPlan plan, ReadOnlyMemory<RegionOutline> outlines)
    {
        long start = Stopwatch.GetTimestamp();
        LaneSlot state = _slots[slot];
        state.Start(plan, outlines, _letterboxWriter.Write(frame, _stage1.Input(slot)));
        state.Times = new LaneTimes { Preprocess = Stopwatch.GetElapsedTime(start) };
    }

    public void RunStage1(int count)
    {
        long start = Stopwatch.GetTimestamp();
        _stage1.Run(count);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        foreach (LaneSlot state in _slots.AsSpan(0, count))
            state.Times = state.Times with { Stage1 = time };
    }

    public void FindRegions(ReadOnlySpan<int> slots)
    {
        foreach (int slot in slots)
        {
            LaneSlot state = _slots[slot];
            if (_manifest.Semantic is not null)
                continue;
            if (state.Plan.Task == InspectionTask.Segment)
                TakeRegions(state);
            else
                Detect(slot, state);
        }
    }

    public void AlignRegions(ReadOnlySpan<int> slots)
    {
        SecondStage secondStage = Needed(_secondStage);
        _aligned.Clear();
        _alignedRegions = 0;
        foreach (int slot in slots)
        {
            long start = Stopwatch.GetTimestamp();
            LaneSlot state = _slots[slot];
            state.FirstRegion = _alignedRegions;
            secondStage.Align(_stage1, slot, state.FirstRegion, state.Regions);
            _alignedRegions += state.Regions.Length;
            _aligned.Add(state);
            state.Times = state.Times with { RoiAlign = Stopwatch.GetElapsedTime(start) };
        }
    }

    public void RunStage2()
    {
        long start = Stopwatch.GetTimestamp();
        Needed(_secondStage).Run(_alignedRegions);
        TimeSpan time = Stopwatch.GetElapsedTime(start);
        foreach (LaneSlot state in _aligned)
            state.Times = state.Times with { Stage2 = time };
    }

    public void Collect()
    {
    }

    public LaneResult Finish(int slot)
    {
        LaneSlot state = _slots[slot];
        if (_manifest.Semantic is { } semantic)
            return FinishClassMap(slot, state, semantic);
        return state.Plan.Task switch
        {
            InspectionTask.Segment => FinishOutlined(state),
            InspectionTask.DetectAndSegment => FinishRefined(state),
            _ => FinishDetected(state),
        };
    }

    public void Dispose()
    {
        _secondStage?.Dispose();

        // Not there where it could not be made.
        _stage1?.Dispose();
    }

    private void Detect(int slot, LaneSlot state)
    {
        long start = Stopwatch.GetTimestamp();
        DetectionLimits limits = state.Plan.Limits;
        Detector detector = Needed(_detector);
        detector.Clear();
        IReadOnlyList<AnchorHead> heads = _manifest.Detection!.Heads;
        for (int head = 0; head < heads.Count; head++)
            detector.Decode(head, _stage1.Values(heads[head].Tensor, slot), state.Letterbox.Content, limits.MinScore);
        foreach (ref readonly Candidate candidate in detector.Suppress(limits))
        {
            state.Add(new RegionState(
                candidate.Box, state.Letterbox.ToImage(candidate.Box), candidate.ClassId, candidate.Score, candidate.AnchorIndex));
        }

        state.Times = state.Times with { Detection = Stopwatch.GetElapsedTime(start) };
    }

    private static void TakeRegions(LaneSlot state)
    {
        ReadOnlySpan<RegionOutline> outlines = state.Outlines.Span;
        for (int index = 0; index < outlines.Length; index++)
        {
            RegionOutline outline = outlines[index];
            state.Add(new RegionState(
                state.Letterbox.ToNetwork(outline.ImageBox), outline.ImageBox, outline.ClassId, Score: 1f, AnchorIndex: index));
        }
    }

    private static LaneResult FinishDetected(LaneSlot state)
    {
        FoundInstances instances = new(state.Regions.Length, maskBytes: 0);
        foreach (ref readonly RegionState region in state.Regions)
            instances.Add(new FoundInstance(region.ClassId.GetValueOrDefault(), region.Score, region.ImageBox.ToPixelBox(), Mask: null));

        return new LaneResult { Instances = instances, Times = state.Times };
    }

    private LaneResult FinishRefined(LaneSlot state)
    {
        long start = Stopwatch.GetTimestamp();
        return Outlined(
            Needed(_secondStage).Refine(state.Regions, state.FirstRegion, state.Letterbox, state.Plan.MinScore), state, start);
    }

    private LaneResult FinishOutlined(LaneSlot state)
    {
        long start = Stopwatch.GetTimestamp();
        return Outlined(Needed(_secondStage).Outline(state.Regions, state.FirstRegion, state.Letterbox), state, start);
    }

    private LaneResult FinishClassMap(int slot, LaneSlot state, SemanticDescription semantic)
    {
        long start = Stopwatch.GetTimestamp();
        Letterbox letterbox = state.Letterbox;
        int columns = letterbox.ContentWidth;
        int rows = letterbox.ContentHeight;
        Span<byte> classes = _networkClasses.AsSpan(0, columns * rows);
        SemanticClassMap.ArgMax(
            _stage1.Values(semantic.Tensor, slot),
            _manifest.Classes.Count,
            _manifest.Input.Width,
            letterbox.Left,
            letterbox.Top,
            columns,
            rows,
            semantic.BackgroundClass,
            semantic.BackgroundOffset,
            classes);
        ClassMap map = new(letterbox.ImageWidth, letterbox.ImageHeight);
        SemanticClassMap.Resample(classes, columns, rows, map.Classes, map.Width, map.Height);
        return new LaneResult { ClassMap = map, Times = state.Times with { Segmentation = Stopwatch.GetElapsedTime(start) } };
    }

    private static LaneResult Outlined(FoundInstances instances, LaneSlot state, long start) => new()
    {
        Instances = instances,
        Times = state.Times with { Segmentation = Stopwatch.GetElapsedTime(start) },
    };

    private T Needed<T>(T? part)
        where T : class =>
        part ?? throw new InvalidOperationException($"The model {_manifest.Reference} has no {typeof(T).Name}; its tasks should not have let this through.");
}
