using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu.Kernels;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Gpu.Machines;

namespace YMaskNet.Perf.Gpu.Verification.Cases;

/// <summary>Frames into the network's input: the same bits as <see cref="LetterboxWriter"/>.</summary>
internal static class LetterboxCases
{
    private const string Kernel = "letterbox";
    private const int Width = 70;
    private const int Height = 35;

    private static readonly SampleLayout[] Layouts =
    [
        new(KernelFormat.Grey8, 1, byte.MaxValue, PixelFormat.Mono8), new(KernelFormat.Grey16, 2, 1023, PixelFormat.Mono10),
        new(KernelFormat.Grey16, 2, ushort.MaxValue, PixelFormat.Mono16), new(KernelFormat.Rgb8, 3, byte.MaxValue, PixelFormat.Rgb8),
        new(KernelFormat.Bgr8, 3, byte.MaxValue, PixelFormat.Bgr8), new(KernelFormat.Rgb16, 6, ushort.MaxValue, Raw: null),
        new(KernelFormat.BayerRg8, 1, byte.MaxValue, PixelFormat.BayerRG8),
    ];

    private static readonly (int Width, int Height, int Padding)[] Shapes =
        [(40, 30, 0), (97, 61, 3), (24, 50, 1), (70, 35, 0), (2, 2, 0), (3, 150, 5)];

    public static IEnumerable<KernelCase> All()
    {
        foreach (int channels in new[] { 1, 3 })
        {
            InputDescription input = CaseModels.Input(Width, Height, channels, [0.1f, 0.2f, 0.3f], [0.9f, 1.1f, 0.5f]);
            foreach (SampleLayout layout in Layouts)
            {
                foreach ((int width, int height, int padding) in Shapes)
                {
                    string name = FormattableString.Invariant(
                        $"{layout.Format} up to {layout.MaxSample}, {width} x {height}, rows padded by {padding}, {channels} channels");
                    yield return Create(name, input, new RawFrame(layout, width, height, padding, seed: 7 + width));
                }
            }
        }

        yield return Create("an image of one pixel", CaseModels.GreyInput(24, 16), new RawFrame(Layouts[0], 1, 1, 0, seed: 3));
        yield return Create("an image that is not scaled", CaseModels.GreyInput(48, 32), new RawFrame(Layouts[0], 48, 32, 0, seed: 5));
        yield return Create(
            "a slot without a task between two others",
            CaseModels.Input(33, 20, 3, [0.5f, 0.5f, 0.5f], [0.2f, 0.3f, 0.4f], surround: 50),
            new RawFrame(Layouts[3], 50, 20, 2, seed: 1),
            null,
            new RawFrame(Layouts[6], 9, 14, 0, seed: 2));
    }

    private static KernelCase Create(string name, InputDescription input, params RawFrame?[] frames)
    {
        int length = input.ChannelCount * input.Width * input.Height;
        return new KernelCase(
            Kernel,
            name,
            (arrays, outputs) =>
            {
                KernelSlot[] slots = [.. frames.Select(frame => frame is null ? default : frame.SlotOf(arrays, input))];
                KernelArray<float> output = arrays.Empty<float>(slots.Length * length);
                arrays.Find(Kernel, 64, 4).With(arrays.Of<KernelSlot>(slots).Address).With(ModelParameters.Of(input)).With(output.Address)
                    .Run((input.Width + 63) / 64, (input.Height + 15) / 16, slots.Length);
                outputs.Add("input", output.Read());
            },
            outputs => Differences.OfFloats(Expected(input, frames, length), outputs.Get<float>("input"), tolerance: 0f));
    }

    private static float[] Expected(InputDescription input, RawFrame?[] frames, int length)
    {
        float[] expected = new float[frames.Length * length];
        for (int slot = 0; slot < frames.Length; slot++)
        {
            Span<float> target = expected.AsSpan(slot * length, length);
            if (frames[slot] is not { } raw)
            {
                target.Fill(float.NaN);
                continue;
            }

            using Frame frame = raw.ToFrame();
            new LetterboxWriter(input).Write(frame, target);
        }

        return expected;
    }

    /// <param name="Format">The kernels' name.</param>
    /// <param name="BytesPerPixel">Of all samples.</param>
    /// <param name="MaxSample">What stands for 1.0.</param>
    /// <param name="Raw">The format that callers send; <see langword="null"/>: only decoded files have it.</param>
    private sealed record SampleLayout(KernelFormat Format, int BytesPerPixel, int MaxSample, PixelFormat? Raw);

    /// <summary>A frame of random samples.</summary>
    private sealed class RawFrame
    {
        private readonly SampleLayout _layout;
        private readonly int _width;
        private readonly int _height;
        private readonly int _stride;
        private readonly byte[] _bytes;

        public RawFrame(SampleLayout layout, int width, int height, int padding, int seed)
        {
            _layout = layout;
            _width = width;
            _height = height;
            int rowBytes = width * layout.BytesPerPixel;
            _stride = rowBytes + padding;
            _bytes = new byte[(_stride * (height - 1)) + rowBytes];
            new Random(seed).NextBytes(_bytes);
            for (int y = 0; layout.MaxSample == 1023 && y < height; y++)
            {
                for (int x = 0; x < width; x++)
                    _bytes[(y * _stride) + (2 * x) + 1] &= 3;
            }
        }

        public KernelSlot SlotOf(KernelArrays arrays, InputDescription input)
        {
            KernelSlot slot = CaseSlots.Fitted(KernelTask.Detect, _width, _height, input.Width, input.Height);
            slot.Pixels = arrays.Of<byte>(_bytes).Address;
            slot.Stride = _stride;
            slot.Format = _layout.Format;
            slot.MaxSample = _layout.MaxSample;
            return slot;
        }

        public Frame ToFrame() => _layout.Raw is { } format
            ? RawFrameReader.Read(new RawImage(_bytes, format, _width, _height, _stride), new FrameLimits())
            : new Frame(_bytes, _width, _height, _stride, channels: 3, bitsPerSample: 16, _layout.MaxSample);
    }
}
