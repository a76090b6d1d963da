using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Inference.Results;
using YMaskNet.Testing;

namespace YMaskNet.Inference.Tests.Engine;

/// <summary>An inspection gives the same alone and in a batch, bit for bit.</summary>
public sealed class BatchTests : IDisposable
{
    private const int Boards = 32;

    private readonly TemporaryModels _models = TemporaryModels.WithAll();

    public void Dispose() => _models.Dispose();

    [Theory]
    [InlineData(TestModels.TinyYMaskNet, InspectionTask.Detect, InspectionTask.DetectAndSegment, InspectionTask.Segment)]
    [InlineData(TestModels.TinyYoloV5, InspectionTask.Detect)]
    [InlineData(TestModels.TinySemantic, InspectionTask.Segment)]
    public async Task InspectAsync_AmongThirtyTwoInBatches_AsAlone(string model, params InspectionTask[] tasks)
    {
        InspectionRequest[] requests = [.. Enumerable.Range(0, Boards).Select(seed => Request(seed, model, tasks[seed % tasks.Length]))];
        await using InspectionEngine alone = await StartAsync(maxBatch: 1);
        await using InspectionEngine together = await StartAsync(maxBatch: 8);
        List<InspectionResult> expected = [];
        foreach (InspectionRequest request in requests)
            expected.Add(await alone.GetModel(model).InspectAsync(request, CancellationToken.None));

        InspectionResult[] results = await Task.WhenAll(
            requests.Select(request => Task.Run(() => together.GetModel(model).InspectAsync(request, CancellationToken.None).AsTask())));

        for (int index = 0; index < Boards; index++)
        {
            Assert.Equal(expected[index].Defects, results[index].Defects);
            Assert.Equal(expected[index].Regions, results[index].Regions);
        }

        Assert.Contains(results, result => result.Defects.Count + result.Regions.Count > 0);
    }

    [Fact]
    public async Task StartAsync_BatchOfAModelThatIsNotThere_Refused()
    {
        ArgumentException unknown = await Assert.ThrowsAsync<ArgumentException>(() => InspectionEngine.StartAsync(
            _models.Options with { MaxBatch = new PerModel<int>(1).With("no-such-model", 2) }, NullLoggerFactory.Instance, CancellationToken.None));
        Assert.Contains("no-such-model", unknown.Message, StringComparison.Ordinal);
    }

    private Task<InspectionEngine> StartAsync(int maxBatch) => InspectionEngine.StartAsync(
        _models.Options with { MaxBatch = new PerModel<int>(maxBatch), MaxBatchDelay = new PerModel<TimeSpan>(TimeSpan.FromMilliseconds(20)) },
        NullLoggerFactory.Instance,
        CancellationToken.None);

    private static InspectionRequest Request(int seed, string model, InspectionTask task)
    {
        Random random = new(seed);
        BlobBoard board = new(64, 64);
        for (int blob = random.Next(1, 4); blob > 0; blob--)
            board.Fill(8 * random.Next(7), 8 * random.Next(7), 8, 8, random.Next(2) == 0 ? BlobBoard.Dull : BlobBoard.Bright);
        RegionOfInterest[] regions = task == InspectionTask.Segment && model == TestModels.TinyYMaskNet
            ? [new RegionOfInterest(new PixelBox(random.Next(30), random.Next(30), 20f, 24f)), new RegionOfInterest(new PixelBox(5f, 6f, 16f, 16f))]
            : [];
        return new InspectionRequest(TinyEngine.Raw(board), task) { RegionsOfInterest = regions };
    }
}
