using System.Runtime.CompilerServices;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Gpu;

/// <summary>
/// A batch's way to the device: its frames' pixels, what the kernels are told of each, and the callers' regions are written into
/// pinned memory one after the other, and go up in one copy.
/// </summary>
internal sealed class BatchInput
{
    private readonly BatchMemory _memory;
    private readonly ModelManifest _manifest;
    private readonly int _maxRois;
    private readonly KernelSlot[] _slots;
    private readonly long[] _pixels;
    private readonly long[] _classMaps;
    private readonly List<(int Slot, int Count, long Start)> _outlines = [];
    private long _slotsStart;

    public BatchInput(BatchMemory memory, ModelManifest manifest, int maxBatch)
    {
        _memory = memory;
        _manifest = manifest;
        _maxRois = manifest.Detection?.MaxRois ?? 0;
        _slots = new KernelSlot[maxBatch];
        _pixels = new long[maxBatch];
        _classMaps = new long[maxBatch];
    }

    private StagedArea Area => _memory.Upload;

    private bool IsSemantic => _manifest.Semantic is not null;

    /// <summary>What the kernels are told of a slot's image.</summary>
    public ref readonly KernelSlot Slot(int slot) => ref _slots[slot];

    /// <summary>A slot's class map as it came to the host.</summary>
    public ReadOnlySpan<byte> ClassMapOnHost(int slot) =>
        _memory.ClassMaps.OnHost<byte>(_classMaps[slot], _slots[slot].ImageWidth * _slots[slot].ImageHeight);

    /// <summary>Begins a batch; the one before must have come down.</summary>
    /// <exception cref="InspectionException">There is too little memory.</exception>
    public void Begin()
    {
        Area.Begin();
        _memory.ClassMaps.Begin();
        _outlines.Clear();
        _slotsStart = Area.Append((long)_slots.Length * Unsafe.SizeOf<KernelSlot>());
    }

    /// <summary>Writes down a slot's frame, which is not needed after this.</summary>
    /// <exception cref="InspectionException">There is too little memory; the batch is as it was before.</exception>
    public void Add(int slot, Frame frame, InspectionPlan plan, ReadOnlySpan<RegionOutline> outlines)
    {
        Letterbox letterbox = Letterbox.Fit(frame.Width, frame.Height, _manifest.Input.Width, _manifest.Input.Height);
        KernelSlot record = KernelSlot.Of(TaskOf(plan.Task), letterbox);
        if (IsSemantic)
            _classMaps[slot] = _memory.ClassMaps.Append((long)frame.Width * frame.Height);
        AddPixels(slot, frame, ref record);
        if (_manifest.Detection is { } detection && plan.Task != InspectionTask.Segment)
        {
            record.CandidateMinScore = Math.Max(plan.Limits.MinScore, detection.CandidateMinScore);
            record.MinObjectnessLogit = AnchorDecoder.ObjectnessLogitBelow(record.CandidateMinScore);
            record.IouThreshold = plan.Limits.IouThreshold;
            record.MaxDefects = plan.Limits.MaxDefects;
            record.MinScore = plan.MinScore;
        }

        if (record.Task == KernelTask.Segment)
            AddOutlines(slot, letterbox, outlines);
        _slots[slot] = record;
    }

    /// <summary>Enqueues the copy.</summary>
    /// <param name="count">Slots that have a frame.</param>
    /// <param name="size">Slots that the kernels look at.</param>
    /// <param name="streams">The lane's.</param>
    public void Upload(int count, int size, GpuStreams streams)
    {
        // Only now it is certain where on the device the pixels will be.
        Span<KernelSlot> records = Area.OnHost<KernelSlot>(_slotsStart, size);
        records[count..].Clear();
        for (int slot = 0; slot < count; slot++)
        {
            records[slot] = _slots[slot];
            records[slot].Pixels = Area.Address(_pixels[slot]);
            if (IsSemantic)
                records[slot].ClassMap = _memory.ClassMaps.Address(_classMaps[slot]);
        }

        Area.Upload(streams);
    }

    /// <summary>Enqueues, after the copy, what puts slots and callers' regions where the kernels look for them.</summary>
    public void Distribute(int size, GpuStreams streams)
    {
        CudaCalls.Copy(_memory.Slots.Pointer, Area.OnDevice(_slotsStart), (long)size * Unsafe.SizeOf<KernelSlot>(), streams.Compute);
        foreach ((int slot, int count, long start) in _outlines)
        {
            int regionBytes = Unsafe.SizeOf<KernelRegion>();
            CudaCalls.Copy(
                _memory.HeaderAt(_memory.Layout.RegionCounts + (slot * sizeof(int))), Area.OnDevice(start), sizeof(int), streams.Compute);
            CudaCalls.Copy(
                _memory.RegionAt(slot * _maxRois), Area.OnDevice(start + regionBytes), (long)count * regionBytes, streams.Compute);
        }
    }

    private KernelTask TaskOf(InspectionTask task)
    {
        if (IsSemantic)
            return KernelTask.Classify;
        return task switch
        {
            InspectionTask.Detect => KernelTask.Detect,
            InspectionTask.Segment => KernelTask.Segment,
            _ => KernelTask.DetectAndSegment,
        };
    }

    private void AddPixels(int slot, Frame frame, ref KernelSlot record)
    {
        int rowBytes = frame.Width * frame.Channels * (frame.BitsPerSample / 8);
        _pixels[slot] = Area.Append((long)rowBytes * frame.Height);

        // Pooled and callers' memory is not pinned, and a caller's ends with its inspection.
        for (int y = 0; y < frame.Height; y++)
            frame.RowBytes(y).CopyTo(Area.OnHost<byte>(_pixels[slot] + ((long)y * rowBytes), rowBytes));
        record.Stride = rowBytes;
        record.MaxSample = frame.MaxSample;
        record.Format = (frame.Channels, frame.BitsPerSample) switch
        {
            (1, 8) => KernelFormat.Grey8,
            (1, _) => KernelFormat.Grey16,
            (_, 8) => KernelFormat.Rgb8,
            _ => KernelFormat.Rgb16,
        };
    }

    /// <summary>Their number, in the room of one, and then the regions.</summary>
    private void AddOutlines(int slot, in Letterbox letterbox, ReadOnlySpan<RegionOutline> outlines)
    {
        int regionBytes = Unsafe.SizeOf<KernelRegion>();
        long start = Area.Append((long)(1 + outlines.Length) * regionBytes);
        Area.OnHost<int>(start, 1)[0] = outlines.Length;
        Span<KernelRegion> regions = Area.OnHost<KernelRegion>(start + regionBytes, outlines.Length);
        for (int index = 0; index < outlines.Length; index++)
        {
            RegionOutline outline = outlines[index];
            regions[index] = new KernelRegion(
                letterbox.ToNetwork(outline.ImageBox), outline.ImageBox, Score: 1f, outline.ClassId ?? -1, AnchorIndex: index, slot);
        }

        _outlines.Add((slot, outlines.Length, start));
    }
}
