using YMaskNet.Imaging.Libvips;

namespace YMaskNet.Imaging.Tests;

/// <summary>libvips counts its memory for the whole process, so nothing else may decode while these tests run.</summary>
[CollectionDefinition(nameof(NativeMemoryTests), DisableParallelization = true)]
[Collection(nameof(NativeMemoryTests))]
public sealed class NativeMemoryTests
{
    [Fact]
    public void Decode_GoodAndBadFilesAThousandTimes_LeavesNoNativeMemory()
    {
        byte[][] files = MakeFiles();
        for (int i = 0; i < 100; i++)
            DecodeAll(files);
        Settle(0);
        int allocations = VipsNative.GetTrackedAllocations();
        long workingSet = Environment.WorkingSet;

        for (int i = 0; i < 1000; i++)
            DecodeAll(files);

        Settle(allocations);
        Assert.Equal(allocations, VipsNative.GetTrackedAllocations());
        Assert.Equal(0u, VipsNative.GetTrackedMemory());
        // The codecs' own memory is not in libvips' count: one leaked decoder each time would be hundreds of MiB.
        Assert.InRange(Environment.WorkingSet - workingSet, long.MinValue, 48L << 20);
    }

    /// <summary>libvips' own threads let go of their last buffers a moment after the picture is there.</summary>
    private static void Settle(int allocations) =>
        SpinWait.SpinUntil(() => VipsNative.GetTrackedAllocations() <= allocations, TimeSpan.FromSeconds(10));

    private static byte[][] MakeFiles()
    {
        byte[] corruptScan = TestFile.Read("colour.jpg");
        corruptScan[^60] = 0xFF;
        corruptScan[^59] = 0xD3;
        byte[] wrongChecksum = TestFile.Read("grey16.png");
        wrongChecksum[^20] ^= 1;
        byte[] corruptStrip = TestFile.Read("colour-deflate.tif");
        corruptStrip[^1] ^= 0xFF;
        byte[] bomb = PngWriter.WriteCompressed(60_000, 60_000, 8, PngWriter.Rgb, [0x78, 0x9C]);
        return
        [
            TestFile.Read("colour.jpg"), TestFile.Read("colour-lzw.tif"), TestFile.Read("lossy.webp"),
            TestFile.Read("colour.jpg")[..400], corruptScan, wrongChecksum, corruptStrip, bomb, TestFile.Read("float.tif"),
            [.. "BMxxxx"u8], [.. "no"u8], [],
        ];
    }

    private static void DecodeAll(byte[][] files)
    {
        int refused = 0;
        foreach (byte[] file in files)
        {
            try
            {
                ImageDecoder.Decode(file, ImageLimits.Default).Dispose();
            }
            catch (ImageDecodeException)
            {
                refused++;
            }
        }

        Assert.Equal(9, refused);
    }
}
