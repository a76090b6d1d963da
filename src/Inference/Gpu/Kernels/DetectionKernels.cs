using ManagedCuda.BasicTypes;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Gpu.Kernels;

/// <summary>From raw heads to the list of regions of a batch. All launches are the same from batch to batch but for the number of slots.</summary>
internal sealed class DetectionKernels : IDisposable
{
    private const int DecodeThreads = 256;
    private const uint SuppressedBytesOfRoi = 24;

    private readonly OwnedResources _owned = new();
    private readonly CUstream _stream;
    private readonly int _decodeBlocks;
    private readonly int _headCount;
    private readonly KernelLaunch _decode;
    private readonly KernelLaunch _sort;
    private readonly KernelLaunch _suppress;
    private readonly KernelLaunch _list;

    public DetectionKernels(LaneResources lane, BatchMemory memory, DetectionDescription detection, CandidateMemory candidates)
    {
        _stream = lane.Streams.Compute.Stream;
        _headCount = detection.Heads.Count;
        int mostAnchors = detection.Heads.Max(head => ModelParameters.AnchorsOf(head, lane.Manifest.Input));
        _decodeBlocks = (mostAnchors + DecodeThreads - 1) / DecodeThreads;
        nint slots = memory.Slots.Address;
        nint header = memory.Header;
        nint counts = header + HeaderLayout.Candidates;
        nint regionCounts = header + memory.Layout.RegionCounts;
        int maxRois = detection.MaxRois;
        try
        {
            _decode = _owned.Add(lane.Module.Find("decode_anchors", DecodeThreads))
                .With(slots).With(ModelParameters.Of(lane.Manifest, detection, lane.Stage1.Output)).With(candidates.KeyCapacity)
                .With(candidates.Keys.Address).With(candidates.Boxes.Address).With(candidates.Classes.Address).With(counts);
            _sort = _owned.Add(lane.Module.Find("sort_candidates", 1024))
                .With(counts).With(candidates.KeyCapacity).With(candidates.Keys.Address);
            _suppress = _owned.Add(lane.Module.Find("suppress", 256, sharedBytes: SuppressedBytesOfRoi * (uint)maxRois))
                .With(slots).With(counts).With(candidates.Keys.Address).With(candidates.KeyCapacity).With(candidates.Boxes.Address)
                .With(candidates.Classes.Address).With(candidates.AnchorCount).With(detection.MaxCandidates).With(maxRois)
                .With(memory.Regions).With(regionCounts);
            _list = _owned.Add(lane.Module.Find("list_regions", 256))
                .With(slots).With(regionCounts).With(maxRois).With(memory.List.Address).With(header + memory.Layout.FirstRegions)
                .With(header + memory.Layout.Total);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Finds candidates and suppresses those that overlap better ones.</summary>
    public void Detect(int slots)
    {
        _decode.Run(_stream, _decodeBlocks, slots, _headCount);
        _sort.Run(_stream, slots);
        _suppress.Run(_stream, slots);
    }

    /// <summary>Lists the regions that the second network is to look at, and counts them.</summary>
    public void List(int slots) => _list.Run(_stream, slots);

    public void Dispose() => _owned.Dispose();
}
