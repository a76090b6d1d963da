using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Verification;

namespace YMaskNet.Perf.Gpu.Timing;

/// <summary>What happens to a batch's regions around the second network, with the shapes of a model and the server's grids.</summary>
internal sealed class TimedRegions
{
    private const int AlignBlocksPerMultiprocessor = 4;
    private const int BlocksPerMultiprocessor = 2;
    private const int BlocksOfRegion = 4;
    private const int LargestSharedMask = 110;
    private const int InstanceBytes = 64;
    private const int RegionBytes = 48;

    private readonly ModelManifest _manifest;
    private readonly TimedDetection _detection;
    private readonly int _batch;
    private readonly int _multiprocessors;
    private readonly int _capacity;
    private readonly KernelArray<KernelInstance> _instances;
    private readonly KernelArray<KernelArenaState> _state;
    private readonly KernelRegionChunk _all;
    private readonly KernelRefinement _parameters;

    public TimedRegions(KernelArrays arrays, ModelManifest manifest, TimedDetection detection, int batch, int multiprocessors)
    {
        _manifest = manifest;
        _detection = detection;
        _batch = batch;
        _multiprocessors = multiprocessors;
        _capacity = detection.Regions.Length;
        _all = new KernelRegionChunk(0, _capacity);
        _instances = arrays.Empty<KernelInstance>(_capacity);
        _state = arrays.Of<KernelArenaState>(default(KernelArenaState));
        RegionsDescription regions = manifest.Regions!;
        RefinementDescription refinement = manifest.Refinement!;
        _parameters = ModelParameters.Of(manifest, refinement);
        Kernels = [.. Align(arrays, regions), Refine(arrays), Place(arrays), Paste(arrays, refinement)];
    }

    /// <summary>In the order in which they have to run first, after the detection's.</summary>
    public IReadOnlyList<TimedKernel> Kernels { get; }

    private int RegionCount => _detection.Total.Read()[0];

    private IEnumerable<TimedKernel> Align(KernelArrays arrays, RegionsDescription regions)
    {
        Random random = new(2);
        KernelArray<float> output = arrays.Empty<float>(_capacity * regions.ChannelCount * regions.Size * regions.Size);
        int firstChannel = 0;
        foreach (RegionInput region in regions.Inputs)
        {
            int width = region.SourceExtent(_manifest.Input.Width);
            int height = region.SourceExtent(_manifest.Input.Height);
            KernelArray<float> source = arrays.Of<float>(random.Floats(_batch * region.Channels * width * height, 0f, 1f));
            IKernelCall call = arrays.Find("roi_align_f32_f32", 256, sharedBytes: 32 * (uint)(region.OutputSize * region.SamplingRatio))
                .With(_detection.Regions.Address).With(_detection.List.Address).With(_detection.Total.Address).With(_all)
                .With(ModelParameters.Of(regions, region, _manifest.Input, source.Address, firstChannel)).With(output.Address);
            firstChannel += region.UnshuffledChannels;
            yield return new TimedKernel(
                $"roi_align_f32_f32 of {region.Tensor ?? "the image"}",
                () => SourceBytes(region, width, height) + ((long)RegionCount * region.Channels * region.OutputSize * region.OutputSize * sizeof(float)),
                Nothing,
                () => call.Run(BlocksOfRegion, Math.Clamp(_capacity, 1, AlignBlocksPerMultiprocessor * _multiprocessors)));
        }
    }

    /// <summary>The pixels that the regions lie over, each once for a region, and never more than there are.</summary>
    private long SourceBytes(RegionInput region, int width, int height)
    {
        KernelRegion[] regions = _detection.Regions.Read();
        double pixels = _detection.List.Read().Take(RegionCount).Sum(index => PixelsOf(regions[index].NetworkBox, region.SpatialScale));
        return (long)Math.Min(pixels, (double)_batch * width * height) * region.Channels * sizeof(float);
    }

    private static double PixelsOf(in CornerBox box, float scale) => (Math.Ceiling(box.Width * scale) + 1) * (Math.Ceiling(box.Height * scale) + 1);

    private TimedKernel Refine(KernelArrays arrays)
    {
        Random random = new(3);
        int classes = _manifest.Classes.Count;
        IKernelCall call = arrays.Find("refine_regions", 256)
            .With(_detection.Slots.Address).With(_detection.Regions.Address).With(_detection.List.Address).With(_detection.Total.Address)
            .With(_all).With(_parameters).With(arrays.Of<float>(random.Floats(_capacity * (classes + 1), -2f, 2f)).Address)
            .With(arrays.Of<float>(random.Floats(_capacity * 4, -1f, 1f)).Address).With(_instances.Address);
        return new TimedKernel(
            "refine_regions",
            () => (long)RegionCount * (RegionBytes + (sizeof(float) * (classes + 1 + 4)) + InstanceBytes),
            Nothing,
            () => call.Run(Math.Clamp((_capacity + 7) / 8, 1, BlocksPerMultiprocessor * _multiprocessors)));
    }

    private TimedKernel Place(KernelArrays arrays)
    {
        IKernelCall call = arrays.Find("place_masks", 256)
            .With(_detection.Total.Address).With(_all).With((long)ArenaBytes()).With(_instances.Address).With(_state.Address);
        return new TimedKernel(
            "place_masks", () => (long)RegionCount * InstanceBytes, () => _state.Write([default(KernelArenaState)]), () => call.Run(1));
    }

    private TimedKernel Paste(KernelArrays arrays, RefinementDescription refinement)
    {
        int size = refinement.MaskSize;
        KernelArray<float> logits = arrays.Of<float>(new Random(4).Floats(_capacity * _manifest.Classes.Count * size * size, -4f, 4f));
        IKernelCall call = arrays.Find("paste_masks", 256, sharedBytes: size <= LargestSharedMask ? (uint)(4 * size * size) : 0)
            .With(_detection.Regions.Address).With(_detection.List.Address).With(_detection.Total.Address).With(_all).With(_parameters)
            .With(logits.Address).With(_instances.Address).With(arrays.Empty<byte>(ArenaBytes()).Address);
        return new TimedKernel(
            "paste_masks",
            () => ((long)RegionCount * ((size * size * sizeof(float)) + InstanceBytes + RegionBytes)) + _state.Read()[0].NeededBytes,
            Nothing,
            () => call.Run(BlocksOfRegion, Math.Clamp(_capacity, 1, BlocksPerMultiprocessor * _multiprocessors)));
    }

    // A mask of the whole image for each region.
    private int ArenaBytes() => Math.Min(1 << 28, _capacity * (((_manifest.Input.Width + 7) / 8 * _manifest.Input.Height) + 16));

    private static void Nothing()
    {
    }
}
