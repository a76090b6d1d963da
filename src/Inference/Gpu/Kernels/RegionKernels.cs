using ManagedCuda.BasicTypes;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Inference.Gpu.Networks;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Gpu.Kernels;

/// <summary>What happens to a batch's regions before and after the second network.</summary>
internal sealed class RegionKernels : IDisposable
{
    // Blocks for each multiprocessor, and blocks that share a region: enough to keep the device busy.
    private const int AlignBlocksPerMultiprocessor = 4;
    private const int BlocksPerMultiprocessor = 2;
    private const int BlocksOfRegion = 4;
    private const int RegionsOfRefineBlock = 8;

    private const int ArenaBytesParameter = 2;
    private const int ArenaParameter = 7;
    private const int LargestSharedMask = 110;

    private readonly OwnedResources _owned = new();
    private readonly CUstream _stream;
    private readonly int _multiprocessors;
    private readonly KernelLaunch[] _align;
    private readonly KernelLaunch _refine;
    private readonly KernelLaunch _place;
    private readonly KernelLaunch _paste;

    public RegionKernels(LaneResources lane, BatchMemory memory, RegionsDescription regions, RefinementDescription refinement, GpuStage2 stage2)
    {
        _stream = lane.Streams.Compute.Stream;
        _multiprocessors = lane.Multiprocessors;
        nint slots = memory.Slots.Address;
        nint list = memory.List.Address;
        nint total = memory.Header + memory.Layout.Total;
        nint state = memory.Header + HeaderLayout.ArenaState;
        nint regionRecords = memory.Regions;
        nint instances = memory.Instances;
        KernelRegionChunk all = new(First: 0, lane.MaxRegions);
        KernelRefinement parameters = ModelParameters.Of(lane.Manifest, refinement);
        int size = refinement.MaskSize;
        try
        {
            _align = AlignLaunches(lane, regions, stage2, launch => launch.With(regionRecords).With(list).With(total).With(all));
            _refine = _owned.Add(lane.Module.Find("refine_regions", 256))
                .With(slots).With(regionRecords).With(list).With(total).With(all).With(parameters).With(stage2.Classes)
                .With(stage2.Deltas).With(instances);
            _place = _owned.Add(lane.Module.Find("place_masks", 256))
                .With(total).With(all).With(0L).With(instances).With(state);
            _paste = _owned.Add(lane.Module.Find("paste_masks", 256, sharedBytes: size <= LargestSharedMask ? (uint)(4 * size * size) : 0))
                .With(regionRecords).With(list).With(total).With(all).With(parameters).With(stage2.Masks).With(instances)
                .With<nint>(0);
            UseArena(memory.Arena);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Masks go into this memory from now on.</summary>
    public void UseArena(MaskArena arena)
    {
        _place.Set(ArenaBytesParameter, (long)arena.Length);
        _paste.Set(ArenaParameter, arena.Address);
    }

    /// <summary>Cuts the second network's input.</summary>
    /// <param name="regionCount">Regions of the batch, at least 1.</param>
    public void Align(int regionCount)
    {
        int blocks = Math.Min(regionCount, AlignBlocksPerMultiprocessor * _multiprocessors);
        foreach (KernelLaunch align in _align)
            align.Run(_stream, BlocksOfRegion, blocks);
    }

    /// <summary>Classes, scores and boxes from the second network's outputs.</summary>
    /// <param name="regionCount">Regions of the batch, at least 1.</param>
    public void Refine(int regionCount) => _refine.Run(
        _stream, Math.Min((regionCount + RegionsOfRefineBlock - 1) / RegionsOfRefineBlock, BlocksPerMultiprocessor * _multiprocessors));

    /// <summary>Masks of the refined instances; what has no room is counted. The arena's state must be 0.</summary>
    /// <param name="regionCount">Regions of the batch, at least 1.</param>
    public void Paste(int regionCount)
    {
        _place.Run(_stream, 1);
        _paste.Run(_stream, BlocksOfRegion, Math.Min(regionCount, BlocksPerMultiprocessor * _multiprocessors));
    }

    public void Dispose() => _owned.Dispose();

    private KernelLaunch[] AlignLaunches(
        LaneResources lane, RegionsDescription regions, GpuStage2 stage2, Func<KernelLaunch, KernelLaunch> withRegions)
    {
        InputDescription input = lane.Manifest.Input;
        KernelLaunch[] launches = new KernelLaunch[regions.Inputs.Count];
        int firstChannel = 0;
        for (int index = 0; index < launches.Length; index++)
        {
            RegionInput region = regions.Inputs[index];
            nint source = region.Tensor is { } tensor ? lane.Stage1.Output(tensor) : lane.Stage1.Input;
            uint sharedBytes = 32 * (uint)(region.OutputSize * region.SamplingRatio);
            launches[index] = withRegions(_owned.Add(lane.Module.Find("roi_align_f32_f32", 256, sharedBytes: sharedBytes)))
                .With(ModelParameters.Of(regions, region, input, source, firstChannel)).With(stage2.Input);
            firstChannel += region.UnshuffledChannels;
        }

        return launches;
    }
}
