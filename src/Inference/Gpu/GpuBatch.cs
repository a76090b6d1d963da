using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ManagedCuda;
using ManagedCuda.BasicTypes;
using Microsoft.Extensions.Logging;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Inference.Gpu.Networks;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Gpu;

/// <summary>
/// A batch on a GPU. Its operations enqueue their work and return; but for aligning, which waits for one number: how many
/// regions there are decides on how many the second network runs.
/// </summary>
/// <remarks>
/// Invariant: the device uses this batch's memory only between <see cref="Prepare"/> of slot 0 and the first
/// <see cref="Finish"/>. Whoever begins again after a batch that was given up waits for what is left of it.
/// </remarks>
internal sealed class GpuBatch : ILaneBatch, IDisposable
{
    private const int BlockWidth = 64;
    private const int BlockHeight = 16;

    private readonly OwnedResources _owned = new();
    private readonly LaneResources _lane;
    private readonly int[] _batchSizes;
    private readonly int _maxRois;
    private readonly BatchMemory _memory;
    private readonly BatchInput _input;
    private readonly BatchMasks _masks;
    private readonly InspectionTask[] _tasks;
    private readonly KernelLaunch _letterbox;
    private readonly KernelLaunch? _classMap;
    private readonly DetectionKernels? _detection;
    private readonly RegionKernels? _regions;
    private readonly StageClock _clock;
    private readonly CudaEvent _uploaded;
    private readonly CudaEvent _counted;
    private readonly CudaEvent _computed;
    private readonly CudaEvent _downloaded;

    private bool _isBegun;
    private int _count;
    private int _size;
    private int _regionCount;
    private bool _isOutlined;
    private bool _isOnHost;
    private LaneTimes _times;

    /// <exception cref="InspectionException">There is too little memory.</exception>
    public GpuBatch(LaneResources lane, ILogger logger)
    {
        _lane = lane;
        ModelManifest manifest = lane.Manifest;
        int maxBatch = lane.Settings.MaxBatch;
        _batchSizes = BatchSizes.UpTo(maxBatch);
        _maxRois = manifest.Detection?.MaxRois ?? 0;
        _tasks = new InspectionTask[maxBatch];
        try
        {
            _memory = _owned.Add(new BatchMemory(maxBatch, _maxRois, lane.Stage2 is not null, lane.Settings.ArenaBytes));
            _input = new BatchInput(_memory, manifest, maxBatch);
            _masks = new BatchMasks(_memory, manifest.Reference, logger);
            _clock = _owned.Add(new StageClock());
            _uploaded = Event();
            _counted = Event();
            _computed = Event();
            _downloaded = Event();
            _letterbox = _owned.Add(lane.Module.Find("letterbox", BlockWidth, 4))
                .With(_memory.Slots.Address).With(ModelParameters.Of(manifest.Input)).With(lane.Stage1.Input);
            if (manifest.Semantic is { } semantic)
            {
                _classMap = _owned.Add(lane.Module.Find("class_map", BlockWidth, 4))
                    .With(_memory.Slots.Address).With(manifest.Classes.Count).With(manifest.Input.Height).With(manifest.Input.Width)
                    .With(semantic.BackgroundClass).With(semantic.BackgroundOffset).With(lane.Stage1.Output(semantic.Tensor));
            }

            if (manifest.Detection is { } detection)
                _detection = _owned.Add(new DetectionKernels(lane, _memory, detection, lane.Candidates!));
            if (manifest is { Regions: { } regions, Refinement: { } refinement })
                _regions = _owned.Add(new RegionKernels(lane, _memory, regions, refinement, lane.Stage2!));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    private GpuStreams Streams => _lane.Streams;

    private CudaStream Compute => _lane.Streams.Compute;

    public void Prepare(int slot, Frame frame, InspectionPlan plan, ReadOnlyMemory<RegionOutline> outlines)
    {
        if (slot == 0)
            Begin();
        _tasks[slot] = plan.Task;
        _input.Add(slot, frame, plan, outlines.Span);
    }

    public void RunStage1(int count)
    {
        _count = count;
        _size = BatchSizes.IndexFor(count, _batchSizes);
        int size = _batchSizes[_size];
        _input.Upload(count, size, Streams);
        _uploaded.Record(Streams.CopyIn.Stream);
        Compute.WaitEvent(_uploaded.Event);

        _clock.Record(StageClock.Mark.Begin, Compute);
        _input.Distribute(size, Streams);
        InputDescription input = _lane.Manifest.Input;
        _letterbox.Run(Compute.Stream, BlocksFor(input.Width, BlockWidth), BlocksFor(input.Height, BlockHeight), size);
        _clock.Record(StageClock.Mark.Letterboxed, Compute);
        _lane.Stage1.Enqueue(_size);
        _clock.Record(StageClock.Mark.Stage1, Compute);
    }

    public void FindRegions(ReadOnlySpan<int> slots)
    {
        int size = _batchSizes[_size];
        if (_classMap is not null)
        {
            (int width, int height) = LargestImage();
            _classMap.Run(Compute.Stream, BlocksFor(width, BlockWidth), BlocksFor(height, BlockHeight), size);
            _clock.Record(StageClock.Mark.Segmented, Compute);
            return;
        }

        CudaCalls.Clear(_memory.HeaderAt(0), _memory.Layout.ClearedBytes, Compute);
        _detection!.Detect(size);
        _clock.Record(StageClock.Mark.Detected, Compute);
        if (_regions is null)
            return;
        _detection.List(size);
        CudaCalls.Download(_memory.Total.At(0), _memory.HeaderAt(_memory.Layout.Total), sizeof(int), Compute);
        _counted.Record(Compute.Stream);
    }

    public void AlignRegions(ReadOnlySpan<int> slots)
    {
        _counted.Synchronize();
        _regionCount = _memory.Total.Values[0];
        if (_regionCount == 0)
            return;
        Needed(_regions).Align(_regionCount);
        _clock.Record(StageClock.Mark.Aligned, Compute);
    }

    public void RunStage2()
    {
        _isOutlined = true;
        if (_regionCount == 0)
            return;
        Needed(_lane.Stage2).Enqueue(_regionCount);
        _clock.Record(StageClock.Mark.Stage2, Compute);
        Needed(_regions).Refine(_regionCount);
        _regions!.Paste(_regionCount);
        _clock.Record(StageClock.Mark.Segmented, Compute);
    }

    public void Collect()
    {
        _computed.Record(Compute.Stream);
        Streams.CopyOut.WaitEvent(_computed.Event);
        if (_classMap is not null)
            _memory.ClassMaps.Download(Streams);
        else
            DownloadFindings();
        _downloaded.Record(Streams.CopyOut.Stream);
    }

    public LaneResult Finish(int slot)
    {
        if (!_isOnHost)
            Await();
        if (_classMap is not null)
            return new LaneResult { ClassMap = ClassMapOf(slot), Times = _times };
        FoundInstances instances = _tasks[slot] switch
        {
            InspectionTask.Detect => BatchResults.Detected(_memory.RegionsOnHost(slot * _maxRois, RegionsOf(slot))),
            InspectionTask.Segment => BatchResults.Outlined(InstancesOf(slot), _memory.Arena.OnHost),
            _ => BatchResults.Refined(InstancesOf(slot), _memory.Arena.OnHost),
        };
        return new LaneResult { Instances = instances, Times = _times };
    }

    public void Dispose() => _owned.Dispose();

    private CudaEvent Event() => _owned.Add(new CudaEvent(CUEventFlags.DisableTiming));

    private void Begin()
    {
        if (_isBegun)
            Streams.Synchronize();
        _isBegun = true;
        _isOnHost = false;
        _isOutlined = false;
        _regionCount = 0;
        _input.Begin();
        _masks.Begin();
        _clock.Reset();
    }

    private (int Width, int Height) LargestImage()
    {
        int width = 1;
        int height = 1;
        for (int slot = 0; slot < _count; slot++)
        {
            width = Math.Max(width, _input.Slot(slot).ImageWidth);
            height = Math.Max(height, _input.Slot(slot).ImageHeight);
        }

        return (width, height);
    }

    private void DownloadFindings()
    {
        bool hasInstances = _isOutlined && _regionCount > 0;
        _memory.DownloadResults(
            _tasks.AsSpan(0, _count).Contains(InspectionTask.Detect), hasInstances, hasInstances ? _masks.BringWithResults() : 0, Streams);
        if (hasInstances)
            _masks.BringExpected(Streams);
    }

    private void Await()
    {
        _downloaded.Synchronize();
        if (_isOutlined && _regionCount > 0)
            AwaitMasks();
        _times = _clock.Read();
        _isOnHost = true;
        _isBegun = false;
    }

    private void AwaitMasks()
    {
        KernelArenaState state = State();
        if (state.MissingMasks > 0)
        {
            _masks.MakeRoom(state, Needed(_regions), Streams);
            _regions!.Paste(_regionCount);
            Collect();
            _downloaded.Synchronize();
            state = State();
        }

        _masks.Await((int)state.NeededBytes, Streams);
    }

    private KernelArenaState State() => MemoryMarshal.Read<KernelArenaState>(_memory.HeaderOnHost[HeaderLayout.ArenaState..]);

    private int RegionsOf(int slot) => Math.Min(CountAt(_memory.Layout.RegionCounts, slot), _maxRois);

    private ReadOnlySpan<KernelInstance> InstancesOf(int slot) => _regionCount == 0
        ? []
        : _memory.InstancesOnHost(CountAt(_memory.Layout.FirstRegions, slot), RegionsOf(slot));

    private int CountAt(int offset, int slot) => MemoryMarshal.Read<int>(_memory.HeaderOnHost[(offset + (slot * sizeof(int)))..]);

    private ClassMap ClassMapOf(int slot)
    {
        ClassMap map = new(_input.Slot(slot).ImageWidth, _input.Slot(slot).ImageHeight);
        _input.ClassMapOnHost(slot).CopyTo(map.Classes);
        return map;
    }

    private static int BlocksFor(int extent, int block) => (extent + block - 1) / block;

    private T Needed<T>(T? part)
        where T : class =>
        part ?? throw new InvalidOperationException($"The model {_lane.Manifest.Reference} has no {typeof(T).Name}; its tasks should not have let this through.");
}
