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
    private const int LeastMaskBytes = 1 << 16;

    private readonly OwnedResources _owned = new();
    private readonly LaneResources _lane;
    private readonly ILogger _logger;
    private readonly int[] _batchSizes;
    private readonly int _maxRois;
    private readonly BatchMemory _memory;
    private readonly FrameStage[] _frames;
    private readonly StagedBytes[] _classMaps;
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

    // What the last batches' masks took: how much to bring before it is known.
    private int _expectedMaskBytes = LeastMaskBytes;
    private int _broughtMaskBytes;

    /// <exception cref="InspectionException">There is too little memory.</exception>
    public GpuBatch(LaneResources lane, ILogger logger)
    {
        _lane = lane;
        _logger = logger;
        ModelManifest manifest = lane.Manifest;
        int maxBatch = lane.Settings.MaxBatch;
        _batchSizes = BatchSizes.UpTo(maxBatch);
        _maxRois = manifest.Detection?.MaxRois ?? 0;
        _tasks = new InspectionTask[maxBatch];
        try
        {
            _memory = _owned.Add(new BatchMemory(maxBatch, _maxRois, lane.Stage2 is not null, lane.Settings.ArenaBytes));
            _frames = [.. Enumerable.Range(0, maxBatch).Select(_ => _owned.Add(new FrameStage()))];
            _classMaps = [.. Enumerable.Range(0, manifest.Semantic is null ? 0 : maxBatch).Select(_ => _owned.Add(new StagedBytes("a class map")))];
            _clock = _owned.Add(new StageClock());
            _uploaded = Event();
            _counted = Event();
            _computed = Event();
            _downloaded = Event();
            _letterbox = _owned.Add(lane.Module.Find("letterbox", BlockWidth, 4))
                .With(_memory.Slots.Device.Address).With(ModelParameters.Of(manifest.Input)).With(lane.Stage1.Input);
            if (manifest.Semantic is { } semantic)
            {
                _classMap = _owned.Add(lane.Module.Find("class_map", BlockWidth, 4))
                    .With(_memory.Slots.Device.Address).With(manifest.Classes.Count).With(manifest.Input.Height).With(manifest.Input.Width)
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
        InputDescription input = _lane.Manifest.Input;
        Letterbox letterbox = Letterbox.Fit(frame.Width, frame.Height, input.Width, input.Height);
        if (_classMap is not null)
            _classMaps[slot].Ensure(checked(frame.Width * frame.Height));
        KernelSlot record = _frames[slot].Upload(frame, letterbox, TaskOf(plan.Task), Streams);
        if (_classMap is not null)
            record.ClassMap = _classMaps[slot].Device.Address;
        if (_lane.Manifest.Detection is { } detection && plan.Task != InspectionTask.Segment)
        {
            record.CandidateMinScore = Math.Max(plan.Limits.MinScore, detection.CandidateMinScore);
            record.MinObjectnessLogit = AnchorDecoder.ObjectnessLogitBelow(record.CandidateMinScore);
            record.IouThreshold = plan.Limits.IouThreshold;
            record.MaxDefects = plan.Limits.MaxDefects;
            record.MinScore = plan.MinScore;
        }

        _memory.Slots.Host.Values[slot] = record;
        if (record.Task == KernelTask.Segment)
            UploadOutlines(slot, letterbox, outlines.Span);
    }

    public void RunStage1(int count)
    {
        _count = count;
        _size = BatchSizes.IndexFor(count, _batchSizes);
        int size = _batchSizes[_size];
        _memory.Slots.Host.Values[count..size].Clear();
        _memory.Slots.Upload(size, Streams);
        _uploaded.Record(Streams.CopyIn.Stream);
        Compute.WaitEvent(_uploaded.Event);

        _clock.Record(StageClock.Mark.Begin, Compute);
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

        CudaCalls.Clear(_memory.Header.Pointer, _memory.Layout.ClearedBytes, Compute);
        _detection!.Detect(size);
        _clock.Record(StageClock.Mark.Detected, Compute);
        if (_regions is null)
            return;
        _detection.List(size);
        CudaCalls.Download(_memory.Total.At(0), _memory.Header.At(_memory.Layout.Total), sizeof(int), Compute);
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
            DownloadClassMaps();
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
            InspectionTask.Detect => BatchResults.Detected(_memory.Regions.Host.Values.Slice(slot * _maxRois, RegionsOf(slot))),
            InspectionTask.Segment => BatchResults.Outlined(InstancesOf(slot), _memory.Arena.Host.Values),
            _ => BatchResults.Refined(InstancesOf(slot), _memory.Arena.Host.Values),
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
        _broughtMaskBytes = 0;
        _clock.Reset();
    }

    private KernelTask TaskOf(InspectionTask task)
    {
        if (_classMap is not null)
            return KernelTask.Classify;
        return task switch
        {
            InspectionTask.Detect => KernelTask.Detect,
            InspectionTask.Segment => KernelTask.Segment,
            _ => KernelTask.DetectAndSegment,
        };
    }

    private void UploadOutlines(int slot, in Letterbox letterbox, ReadOnlySpan<RegionOutline> outlines)
    {
        int first = slot * _maxRois;
        Span<KernelRegion> regions = _memory.Outlines.Values.Slice(first, _maxRois);
        for (int index = 0; index < outlines.Length; index++)
        {
            RegionOutline outline = outlines[index];
            regions[index] = new KernelRegion(
                letterbox.ToNetwork(outline.ImageBox), outline.ImageBox, Score: 1f, outline.ClassId ?? -1, AnchorIndex: index, slot);
        }

        _memory.OutlineCounts.Values[slot] = outlines.Length;
        int regionBytes = Unsafe.SizeOf<KernelRegion>();
        CudaCalls.Upload(
            _memory.Regions.Device.At((long)first * regionBytes), _memory.Outlines.At(first), (long)outlines.Length * regionBytes, Streams.CopyIn);
        CudaCalls.Upload(
            _memory.Header.At(_memory.Layout.RegionCounts + (slot * sizeof(int))), _memory.OutlineCounts.At(slot), sizeof(int), Streams.CopyIn);
    }

    private (int Width, int Height) LargestImage()
    {
        int width = 1;
        int height = 1;
        foreach (ref readonly KernelSlot slot in _memory.Slots.Host.Values[.._count])
        {
            width = Math.Max(width, slot.ImageWidth);
            height = Math.Max(height, slot.ImageHeight);
        }

        return (width, height);
    }

    private void DownloadClassMaps()
    {
        for (int slot = 0; slot < _count; slot++)
        {
            KernelSlot record = _memory.Slots.Host.Values[slot];
            CudaCalls.Download(
                _classMaps[slot].Host.At(0), _classMaps[slot].Device.Pointer, (long)record.ImageWidth * record.ImageHeight, Streams.CopyOut);
        }
    }

    private void DownloadFindings()
    {
        CudaCalls.Download(_memory.HeaderOnHost.At(0), _memory.Header.Pointer, _memory.Layout.Bytes, Streams.CopyOut);
        if (_tasks.AsSpan(0, _count).Contains(InspectionTask.Detect))
            _memory.Regions.Download(_count * _maxRois, Streams);
        if (!_isOutlined || _regionCount == 0)
            return;
        _memory.Instances.Download(_regionCount, Streams);
        _broughtMaskBytes = 0;
        BringMasks(Math.Min(_expectedMaskBytes, _memory.Arena.Host.Length));
    }

    /// <summary>Enqueues what is missing of the arena's first bytes.</summary>
    private void BringMasks(int bytes)
    {
        if (bytes <= _broughtMaskBytes)
            return;
        CudaCalls.Download(
            _memory.Arena.Host.At(_broughtMaskBytes), _memory.Arena.Device.At(_broughtMaskBytes), bytes - _broughtMaskBytes, Streams.CopyOut);
        _broughtMaskBytes = bytes;
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
            EnlargeArena(state.NeededBytes);
            CudaCalls.Clear(_memory.Header.At(HeaderLayout.ArenaState), Unsafe.SizeOf<KernelArenaState>(), Compute);
            Needed(_regions).Paste(_regionCount);
            Collect();
            _downloaded.Synchronize();
            state = State();
        }

        int needed = (int)state.NeededBytes;
        if (needed > _broughtMaskBytes)
        {
            BringMasks(needed);
            Streams.CopyOut.Synchronize();
        }

        // Rises at once and falls slowly: a second copy costs more than some bytes of the first.
        _expectedMaskBytes = Math.Max(Math.Max(LeastMaskBytes, needed), _expectedMaskBytes - (_expectedMaskBytes / 16));
    }

    private void EnlargeArena(long neededBytes)
    {
        GpuLog.ArenaTooSmall(_logger, _lane.Manifest.Reference, neededBytes, _memory.Arena.Host.Length);
        if (neededBytes > Array.MaxLength)
        {
            throw new InspectionException(
                InspectionErrorKind.ResourceExhausted,
                "MASKS_TOO_LARGE",
                FormattableString.Invariant($"The masks of the images of a batch have {neededBytes} bytes; there can be {Array.MaxLength}."));
        }

        int before = _memory.Arena.Host.Length;
        try
        {
            _memory.Arena.Ensure((int)neededBytes);
        }
        catch (InspectionException)
        {
            // This batch fails; the next ones have what they had.
            _memory.Arena.Ensure(before);
            throw;
        }
        finally
        {
            Needed(_regions).UseArena(_memory.Arena);
        }
    }

    private KernelArenaState State() => MemoryMarshal.Read<KernelArenaState>(_memory.HeaderOnHost.Values[HeaderLayout.ArenaState..]);

    private int RegionsOf(int slot) => Math.Min(CountAt(_memory.Layout.RegionCounts, slot), _maxRois);

    private ReadOnlySpan<KernelInstance> InstancesOf(int slot) => _regionCount == 0
        ? []
        : _memory.Instances.Host.Values.Slice(CountAt(_memory.Layout.FirstRegions, slot), RegionsOf(slot));

    private int CountAt(int offset, int slot) => MemoryMarshal.Read<int>(_memory.HeaderOnHost.Values[(offset + (slot * sizeof(int)))..]);

    private ClassMap ClassMapOf(int slot)
    {
        KernelSlot record = _memory.Slots.Host.Values[slot];
        ClassMap map = new(record.ImageWidth, record.ImageHeight);
        _classMaps[slot].Host.Values[..map.Classes.Length].CopyTo(map.Classes);
        return map;
    }

    private static int BlocksFor(int extent, int block) => (extent + block - 1) / block;

    private T Needed<T>(T? part)
        where T : class =>
        part ?? throw new InvalidOperationException($"The model {_lane.Manifest.Reference} has no {typeof(T).Name}; its tasks should not have let this through.");
}
