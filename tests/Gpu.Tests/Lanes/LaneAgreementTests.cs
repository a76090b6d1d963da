using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Results;
using YMaskNet.Testing;

namespace YMaskNet.Gpu.Tests.Lanes;

/// <summary>
/// The GPU lane finds what the CPU lane finds. The stand-in's streams run late and its memory begins as NaN, so that an order
/// that is missing shows.
/// </summary>
public class LaneAgreementTests
{
    private static readonly RegionOfInterest[] Regions =
    [
        new(new PixelBox(36f, 28f, 16f, 16f)), new(new PixelBox(4f, 12f, 16f, 16f), "bright"), new(new PixelBox(4f, 12f, 16f, 16f)),
        new(new PixelBox(-10f, -10f, 20f, 20f)),
    ];

    [Theory]
    [InlineData("0", "forward")]
    [InlineData("1", "reverse")]
    public void Inspect_EveryTaskOfEveryModel_AsOnTheCpu(string eager, string schedule) => DriverProcess.Passes(
        static () =>
        {
            using Engines engines = new();
            InspectionEngine cpu = engines.OnCpu();
            InspectionEngine gpu = engines.OnGpu();
            RawImage image = Engines.Raw(BlobBoard.TwoBlobs());

            InspectionResult detected = Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, new(image, InspectionTask.Detect));
            InspectionResult outlined = Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, new(image, InspectionTask.DetectAndSegment));
            InspectionResult segmented = Agreement.Check(
                cpu, gpu, TestModels.TinyYMaskNet, new(image, InspectionTask.Segment) { RegionsOfInterest = Regions });
            InspectionResult oneStage = Agreement.Check(cpu, gpu, TestModels.TinyYoloV5, new(image, InspectionTask.Detect));
            InspectionResult semantic = Agreement.Check(cpu, gpu, TestModels.TinySemantic, new(image, InspectionTask.Segment));

            Assert.NotEmpty(detected.Defects);
            Assert.All(outlined.Defects, defect => Assert.True(defect.Mask!.Area > 0));
            Assert.Equal(Regions.Length, segmented.Defects.Count);
            Assert.NotEmpty(oneStage.Defects);
            Assert.Contains((byte)1, semantic.Classes!);
            Assert.Equal((StandInNetworkProvider.Name, "cuda:0"), (outlined.ExecutionProvider, outlined.Device));
            foreach (TimeSpan time in new[]
            {
                outlined.Times.Preprocess, outlined.Times.Stage1, outlined.Times.Detection, outlined.Times.RoiAlign,
                outlined.Times.Stage2, outlined.Times.Segmentation,
            })
            {
                Assert.True(time > TimeSpan.Zero, "An operation has no time.");
            }
        },
        ("CUDA_STANDIN_EAGER", eager),
        ("EMULATION_SCHEDULE", schedule));

    [Fact]
    public void Inspect_EveryPixelFormatAndShape_AsOnTheCpu() => DriverProcess.Passes(static () =>
    {
        using Engines engines = new();
        InspectionEngine cpu = engines.OnCpu();
        InspectionEngine gpu = engines.OnGpu();
        (PixelFormat Format, int Bytes)[] formats =
        [
            (PixelFormat.Mono8, 1), (PixelFormat.Mono10, 2), (PixelFormat.Mono12, 2), (PixelFormat.Mono16, 2), (PixelFormat.Rgb8, 3),
            (PixelFormat.Bgr8, 3), (PixelFormat.BayerRG8, 1),
        ];
        (int Width, int Height)[] sizes = [(64, 64), (97, 50), (31, 120), (2, 2)];
        foreach ((PixelFormat format, int bytes) in formats)
        {
            foreach ((int width, int height) in sizes)
            {
                RawImage image = new(Samples(format, width, height, bytes), format, width, height, (width * bytes) + 6);
                Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, new(image, InspectionTask.DetectAndSegment));
                Agreement.Check(cpu, gpu, TestModels.TinyYoloV5, new(image, InspectionTask.Detect));
                Agreement.Check(cpu, gpu, TestModels.TinySemantic, new(image, InspectionTask.Segment));
            }
        }
    });

    [Fact]
    public void Inspect_NothingToFindThenAsMuchAsThereCanBe_AsOnTheCpu() => DriverProcess.Passes(static () =>
    {
        using Engines engines = new();
        InspectionEngine cpu = engines.OnCpu();
        InspectionEngine gpu = engines.OnGpu();
        BlobBoard full = new BlobBoard(64, 64).Fill(0, 0, 64, 64, BlobBoard.Bright);
        DetectionFilter everything = new(MinScore: 0f, NmsIouThreshold: 1f, MaxDefects: 40);
        RegionOfInterest[] most =
        [
            .. Enumerable.Range(0, 40).Select(index => new RegionOfInterest(new PixelBox(index, 60f - index, 3f + index, 4f + (index / 2f)))),
        ];

        // Empty, full, and empty again: what is left from the one before must not be found.
        foreach (BlobBoard board in new[] { new BlobBoard(64, 64), full, new BlobBoard(64, 64) })
        {
            RawImage image = Engines.Raw(board);
            Assert.Equal(board == full, Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, new(image, InspectionTask.Detect)).Defects.Count > 0);
            Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, new(image, InspectionTask.DetectAndSegment));
            Agreement.Check(cpu, gpu, TestModels.TinySemantic, new(image, InspectionTask.Segment));
        }

        Assert.Equal(40, Agreement.Check(
            cpu, gpu, TestModels.TinyYMaskNet, new(Engines.Raw(full), InspectionTask.Detect) { Filter = everything }).Defects.Count);
        Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, new(Engines.Raw(full), InspectionTask.DetectAndSegment) { Filter = everything });
        Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, new(Engines.Raw(full), InspectionTask.Segment) { RegionsOfInterest = most });
    });

    [Theory]
    [InlineData("1")]
    [InlineData("3")]
    public void Inspect_ManyAtOnceOfAllTasks_EachAsOnTheCpu(string maxBatch) => DriverProcess.Passes(
        static () =>
        {
            using Engines engines = new();
            InspectionEngine cpu = engines.OnCpu();
            InspectionEngine gpu = engines.OnGpu(int.Parse(Environment.GetEnvironmentVariable("MAX_BATCH")!));
            InspectionTask[] tasks = [InspectionTask.Detect, InspectionTask.DetectAndSegment, InspectionTask.Segment];
            (string Model, InspectionRequest Request)[] requests =
            [
                .. Enumerable.Range(0, 24).Select(seed => (TestModels.TinyYMaskNet, Request(seed, tasks[seed % tasks.Length], Regions))),
                .. Enumerable.Range(0, 8).Select(seed => (TestModels.TinySemantic, Request(seed, InspectionTask.Segment, []))),
            ];

            InspectionResult[] found = Task.WhenAll(
                requests.Select(request => Agreement.InspectAsync(gpu, request.Model, request.Request))).GetAwaiter().GetResult();

            for (int index = 0; index < requests.Length; index++)
                Agreement.Check(Agreement.Inspect(cpu, requests[index].Model, requests[index].Request), found[index]);
        },
        ("MAX_BATCH", maxBatch));

    [Fact]
    public void Inspect_ShippedModelsOnSamples_AsOnTheCpu() => DriverProcess.Passes(static () =>
    {
        string root = RepositoryFolder.Find();
        using Engines engines = new(Path.Combine(root, "models"));
        InspectionEngine cpu = engines.OnCpu();
        InspectionEngine gpu = engines.OnGpu();
        EncodedImage board = new(File.ReadAllBytes(Path.Combine(root, "samples", "bus-grey.png")));
        EncodedImage deep = new(File.ReadAllBytes(Path.Combine(root, "samples", "vias-grey-16-bit.png")));
        EncodedImage tile = new(File.ReadAllBytes(Directory.GetFiles(Path.Combine(root, "samples", "tiles"), "*.png").Order().First()));

        InspectionResult found = Agreement.Check(cpu, gpu, "pcb-ymasknet", new(board, InspectionTask.DetectAndSegment));
        Agreement.Check(cpu, gpu, "pcb-ymasknet", new(deep, InspectionTask.DetectAndSegment));
        Agreement.Check(cpu, gpu, "pcb-yolov5", new(board, InspectionTask.Detect));
        Agreement.Check(cpu, gpu, "tile-unet", new(tile, InspectionTask.Segment));

        Assert.NotEmpty(found.Defects);
    });

    private static InspectionRequest Request(int seed, InspectionTask task, RegionOfInterest[] regions)
    {
        Random random = new(seed);
        BlobBoard board = new(64 + (8 * (seed % 3)), 64);
        for (int blob = random.Next(0, 4); blob > 0; blob--)
            board.Fill(8 * random.Next(7), 8 * random.Next(7), 8, 8, random.Next(2) == 0 ? BlobBoard.Dull : BlobBoard.Bright);
        return new InspectionRequest(Engines.Raw(board), task) { RegionsOfInterest = task == InspectionTask.Segment ? regions : [] };
    }

    /// <summary>Bright and dark patches, within the format's range, in rows with padding.</summary>
    private static byte[] Samples(PixelFormat format, int width, int height, int bytes)
    {
        int largest = format switch
        {
            PixelFormat.Mono10 => 1023,
            PixelFormat.Mono12 => 4095,
            PixelFormat.Mono16 => ushort.MaxValue,
            _ => byte.MaxValue,
        };
        byte[] pixels = new byte[((width * bytes) + 6) * height];
        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width * (bytes == 3 ? 3 : 1); x++)
            {
                int column = bytes == 3 ? x / 3 : x;
                int sample = column / 16 % 2 == 0 && y / 16 % 2 == 0 ? largest - (x % 3) : largest / 8;
                int at = (y * ((width * bytes) + 6)) + (bytes == 2 ? 2 * x : x);
                pixels[at] = (byte)sample;
                if (bytes == 2)
                    pixels[at + 1] = (byte)(sample >> 8);
            }
        }

        return pixels;
    }
}
