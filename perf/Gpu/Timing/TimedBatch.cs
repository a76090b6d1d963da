using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Verification;

namespace YMaskNet.Perf.Gpu.Timing;

/// <summary>All kernels around a model's networks, for a batch of 8-bit grey frames of the network's own size.</summary>
internal static class TimedBatch
{
    private const int BlockWidth = 64;

    /// <summary>Builds them in the order in which they have to run first.</summary>
    public static IReadOnlyList<TimedKernel> Create(KernelArrays arrays, ModelManifest manifest, int batch, int multiprocessors)
    {
        List<TimedKernel> kernels = [Letterbox(arrays, manifest.Input, batch)];
        if (manifest.Semantic is { } semantic)
            kernels.Add(ClassMap(arrays, manifest, semantic, batch));
        if (manifest.Detection is { } description)
        {
            TimedDetection detection = new(arrays, manifest, description, batch);
            kernels.AddRange(detection.Kernels);
            if (manifest is { Regions: not null, Refinement: not null })
                kernels.AddRange(new TimedRegions(arrays, manifest, detection, batch, multiprocessors).Kernels);
        }

        return kernels;
    }

    private static TimedKernel Letterbox(KernelArrays arrays, InputDescription input, int batch)
    {
        int pixels = input.Width * input.Height;
        byte[] frames = new byte[batch * pixels];
        new Random(5).NextBytes(frames);
        nint first = arrays.Of<byte>(frames).Address;
        KernelSlot[] slots = new KernelSlot[batch];
        for (int slot = 0; slot < batch; slot++)
        {
            slots[slot] = CaseSlots.Fitted(KernelTask.Detect, input.Width, input.Height, input.Width, input.Height);
            slots[slot].Pixels = first + (slot * pixels);
            slots[slot].Stride = input.Width;
            slots[slot].Format = KernelFormat.Grey8;
        }

        long values = (long)batch * input.ChannelCount * pixels;
        IKernelCall call = arrays.Find("letterbox", BlockWidth, 4).With(arrays.Of<KernelSlot>(slots).Address).With(ModelParameters.Of(input))
            .With(arrays.Empty<float>((int)values).Address);
        return new TimedKernel(
            "letterbox",
            () => frames.Length + (values * sizeof(float)),
            Nothing,
            () => call.Run(Blocks(input.Width, BlockWidth), Blocks(input.Height, 16), batch));
    }

    private static TimedKernel ClassMap(KernelArrays arrays, ModelManifest manifest, SemanticDescription semantic, int batch)
    {
        InputDescription input = manifest.Input;
        int pixels = input.Width * input.Height;
        nint maps = arrays.Empty<byte>(batch * pixels).Address;
        KernelSlot[] slots = new KernelSlot[batch];
        for (int slot = 0; slot < batch; slot++)
        {
            slots[slot] = CaseSlots.Fitted(KernelTask.Classify, input.Width, input.Height, input.Width, input.Height);
            slots[slot].ClassMap = maps + (slot * pixels);
        }

        float[] logits = new Random(6).Floats(batch * manifest.Classes.Count * pixels, -4f, 4f);
        IKernelCall call = arrays.Find("class_map", BlockWidth, 4).With(arrays.Of<KernelSlot>(slots).Address).With(manifest.Classes.Count)
            .With(input.Height).With(input.Width).With(semantic.BackgroundClass).With(semantic.BackgroundOffset).With(arrays.Of<float>(logits).Address);
        return new TimedKernel(
            "class_map",
            () => ((long)logits.Length * sizeof(float)) + ((long)batch * pixels),
            Nothing,
            () => call.Run(Blocks(input.Width, BlockWidth), Blocks(input.Height, 16), batch));
    }

    private static int Blocks(int extent, int block) => (extent + block - 1) / block;

    private static void Nothing()
    {
    }
}
