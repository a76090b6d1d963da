using System.Buffers;
using System.Numerics;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Tests.Frames;

public sealed class SharedFrameReaderTests
{
    private const int SlotBytes = 4096;

    private static readonly PixelFormat[] Formats = Enum.GetValues<PixelFormat>();

    [Fact]
    public void Read_NoSharedMemory_Refused()
    {
        InspectionException error = Assert.Throws<InspectionException>(
            () => SharedFrameReader.Read(Image(PixelFormat.Mono8, 4, 4), memory: null, new FrameLimits()));

        Assert.Equal((InspectionErrorKind.FailedPrecondition, "SHARED_MEMORY_OFF", "image.shared"), (error.Kind, error.Reason, error.Field));
    }

    [Fact]
    public void Read_AnyPlaceInTheSlot_WhatTheRawReaderMakesOfTheSameBytes()
    {
        Random random = new(7);
        foreach (PixelFormat format in Formats)
        {
            for (int round = 0; round < 200; round++)
            {
                int bytesPerPixel = BytesPerPixel(format);
                int width = random.Next(2, 20);
                int height = random.Next(2, 20);
                int stride = (width * bytesPerPixel) + random.Next(0, 9);
                int offset = random.Next(0, 300) * 2;
                FakeMemory memory = new(Noise(format, random));
                byte[] copy = memory.Slot.AsSpan(offset, ((height - 1) * stride) + (width * bytesPerPixel)).ToArray();

                using Frame shared = SharedFrameReader.Read(Image(format, width, height, stride, (ulong)offset), memory, new FrameLimits());
                using Frame raw = RawFrameReader.Read(new RawImage(copy, format, width, height, stride), new FrameLimits());

                Assert.Equal((raw.Width, raw.Height, raw.Channels, raw.BitsPerSample, raw.MaxSample),
                    (shared.Width, shared.Height, shared.Channels, shared.BitsPerSample, shared.MaxSample));
                for (int y = 0; y < height; y++)
                {
                    if (raw.BitsPerSample == 8)
                        Assert.Equal(raw.Row8(y).ToArray(), shared.Row8(y).ToArray());
                    else
                        Assert.Equal(raw.Row16(y).ToArray(), shared.Row16(y).ToArray());
                }
            }
        }
    }

    [Fact]
    public void Read_AnyNumbers_AcceptedExactlyWhenTheImageLiesInTheSlot()
    {
        Random random = new(11);
        int accepted = 0;
        Dictionary<string, int> refused = [];
        for (int round = 0; round < 200_000; round++)
        {
            PixelFormat format = random.Next(20) == 0 ? (PixelFormat)random.Next() : Formats[random.Next(Formats.Length)];
            SharedImage image = Image(format, AnySide(random), AnySide(random), AnyStride(random), AnyOffset(random));
            FakeMemory memory = new(new byte[SlotBytes]);

            bool isRead;
            try
            {
                using Frame frame = SharedFrameReader.Read(image, memory, new FrameLimits());
                isRead = true;
                accepted++;

                // The last byte that the frame may touch.
                _ = frame.BitsPerSample == 8 ? frame.Row8(frame.Height - 1)[^1] : frame.Row16(frame.Height - 1)[^1];
            }
            catch (InspectionException error)
            {
                isRead = false;
                Assert.StartsWith("image.shared", error.Field, StringComparison.Ordinal);
                refused[error.Reason] = refused.GetValueOrDefault(error.Reason) + 1;
            }

            Assert.True(isRead == LiesInTheSlot(image), $"{image}: read {isRead}");
            Assert.True(memory.OpenHolds == 0, $"{image} left its slot held.");
        }

        Assert.True(accepted > 1000, $"Only {accepted} images were accepted: the numbers test too little.");
        Assert.Equal(
            ["IMAGE_TOO_LARGE", "PIXEL_FORMAT_UNKNOWN", "RAW_DIMENSIONS_OUT_OF_RANGE", "RAW_STRIDE_TOO_SMALL", "SHARED_IMAGE_OUT_OF_SLOT", "SHARED_OFFSET_MISALIGNED"],
            refused.Keys.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(SlotBytes - 16, true)]
    [InlineData(SlotBytes - 15, false)]
    [InlineData(SlotBytes, false)]
    [InlineData(ulong.MaxValue, false)]
    [InlineData(ulong.MaxValue - 15, false)]
    [InlineData(1ul << 63, false)]
    public void Read_OffsetNearTheSlotsEnd_OnlyWhatFits(ulong offset, bool isAccepted)
    {
        FakeMemory memory = new(new byte[SlotBytes]);
        SharedImage image = Image(PixelFormat.Mono8, 4, 4, offset: offset);

        if (isAccepted)
        {
            SharedFrameReader.Read(image, memory, new FrameLimits()).Dispose();
            return;
        }

        InspectionException error = Assert.Throws<InspectionException>(() => SharedFrameReader.Read(image, memory, new FrameLimits()));
        Assert.Equal(("SHARED_IMAGE_OUT_OF_SLOT", "image.shared.offset"), (error.Reason, error.Field));
    }

    [Fact]
    public void Read_Frame_HoldsItsSlotUntilItIsDisposedOf()
    {
        FakeMemory memory = new(new byte[SlotBytes]);

        Frame frame = SharedFrameReader.Read(Image(PixelFormat.Mono8, 4, 4), memory, new FrameLimits());
        int during = memory.OpenHolds;
        frame.Dispose();

        Assert.Equal((1, 0), (during, memory.OpenHolds));
    }

    [Theory]
    [InlineData(PixelFormat.Mono10)]
    [InlineData(PixelFormat.Mono12)]
    public async Task Read_SamplesThatChangeMeanwhile_ReadOrRefusedAndNothingElse(PixelFormat format)
    {
        FakeMemory memory = new(new byte[SlotBytes]);
        using CancellationTokenSource stop = new();
        Task writing = Task.Run(() =>
        {
            // One bit above the range comes and goes, as fast as it can.
            while (!stop.IsCancellationRequested)
                Volatile.Write(ref memory.Slot[401], (byte)(memory.Slot[401] ^ 0x80));
        });

        int refused = 0;
        for (int round = 0; round < 20_000; round++)
        {
            try
            {
                using Frame frame = SharedFrameReader.Read(Image(format, 32, 60), memory, new FrameLimits());
            }
            catch (InspectionException error) when (error.Reason == "SAMPLE_OUT_OF_RANGE")
            {
                refused++;
            }
        }

        await stop.CancelAsync();
        await writing;
        Assert.True(refused > 0, "The bit was never seen: the test tests nothing.");
    }

    private static bool LiesInTheSlot(SharedImage image)
    {
        if (!Formats.Contains(image.Format))
            return false;

        int minSide = image.Format == PixelFormat.BayerRG8 ? 2 : 1;
        FrameLimits limits = new();
        BigInteger row = (BigInteger)image.Width * BytesPerPixel(image.Format);
        BigInteger stride = image.Stride == 0 ? row : image.Stride;
        BigInteger end = image.Offset + ((image.Height - 1) * stride) + row;
        bool is16Bit = image.Format is PixelFormat.Mono10 or PixelFormat.Mono12 or PixelFormat.Mono16;
        return image.Width >= minSide && image.Width <= limits.MaxSide
            && image.Height >= minSide && image.Height <= limits.MaxSide
            && (BigInteger)image.Width * image.Height <= limits.MaxPixels
            && stride >= row && end <= SlotBytes
            && (!is16Bit || image.Offset % 2 == 0);
    }

    private static int AnySide(Random random) => random.Next(8) switch
    {
        0 => random.Next(int.MinValue, int.MaxValue),
        1 => int.MaxValue - random.Next(3),
        2 => random.Next(-1, 2),
        3 => random.Next(65_533, 65_539),
        _ => random.Next(1, 70),
    };

    private static int AnyStride(Random random) => random.Next(6) switch
    {
        0 => random.Next(int.MinValue, int.MaxValue),
        1 => int.MaxValue,
        2 => random.Next(1, 200),
        _ => 0,
    };

    private static ulong AnyOffset(Random random) => random.Next(6) switch
    {
        0 => (ulong)random.NextInt64(),
        1 => ulong.MaxValue - (ulong)random.Next(SlotBytes * 2),
        2 => (ulong)random.Next(SlotBytes - 10, SlotBytes + 10),
        _ => (ulong)random.Next(0, 600),
    };

    private static int BytesPerPixel(PixelFormat format) => format switch
    {
        PixelFormat.Mono8 or PixelFormat.BayerRG8 => 1,
        PixelFormat.Rgb8 or PixelFormat.Bgr8 => 3,
        _ => 2,
    };

    /// <summary>Bytes that every format takes: 16-bit samples stay within its range.</summary>
    private static byte[] Noise(PixelFormat format, Random random)
    {
        byte[] noise = new byte[SlotBytes];
        random.NextBytes(noise);
        int mask = format switch { PixelFormat.Mono10 => 0x03, PixelFormat.Mono12 => 0x0F, _ => 0xFF };

        // Rows may begin at odd bytes, so that any byte may be the upper one.
        for (int i = 0; i < noise.Length; i++)
            noise[i] &= (byte)mask;
        return noise;
    }

    private static SharedImage Image(PixelFormat format, int width, int height, int stride = 0, ulong offset = 0) =>
        new(new byte[16], Slot: 0, offset, format, width, height, stride);

    private sealed class FakeMemory(byte[] slot) : ISharedMemory
    {
        public byte[] Slot { get; } = slot;

        public int OpenHolds { get; private set; }

        public IMemoryOwner<byte> Hold(ReadOnlySpan<byte> leaseId, uint index)
        {
            OpenHolds++;
            return new FakeHold(this);
        }

        private sealed class FakeHold(FakeMemory memory) : IMemoryOwner<byte>
        {
            public Memory<byte> Memory => memory.Slot;

            public void Dispose() => memory.OpenHolds--;
        }
    }
}
