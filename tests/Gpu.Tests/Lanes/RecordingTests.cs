using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Inference;
using YMaskNet.Testing;

namespace YMaskNet.Gpu.Tests.Lanes;

/// <summary>
/// What ONNX Runtime may record as CUDA graphs: each size of a network under a number of its own, run twice before the first
/// inspection, since the second run is the one that is recorded.
/// </summary>
public class RecordingTests
{
    [Fact]
    public void StartAsync_OneNetwork_EverySizeIsRecordedAndRunsTwice() => DriverProcess.Passes(static () =>
    {
        string models = Directory.CreateTempSubdirectory("ymasknet-models-").FullName;
        try
        {
            TestModels.WriteYoloV5(models);
            StandInNetworkProvider networks = new();
            using Engines engines = new(models);

            engines.OnGpu(maxBatch: 4, networks: networks);

            Assert.Equal([0, 1, 2], networks.Recordings);
            Assert.Equal([2, 2, 2], networks.RunCounts);
        }
        finally
        {
            Directory.Delete(models, recursive: true);
        }
    });

    [Fact]
    public void Inspect_MoreRegionsThanAChunk_TheLaterChunkIsNotRecorded() => DriverProcess.Passes(static () =>
    {
        StandInNetworkProvider networks = new();
        using Engines engines = new();
        InspectionEngine gpu = engines.OnGpu(maxBatch: 2, networks: networks);
        int before = networks.Recordings.Count;
        Assert.DoesNotContain(null, networks.Recordings);

        // Two images of forty regions have one chunk of 64 and one of 16.
        RegionOfInterest[] regions = [.. Enumerable.Range(0, 40).Select(index => new RegionOfInterest(new PixelBox(index, 0f, 16f, 16f)))];
        InspectionRequest request = new(Engines.Raw(BlobBoard.TwoBlobs()), InspectionTask.Segment) { RegionsOfInterest = regions };
        Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => Agreement.Inspect(gpu, TestModels.TinyYMaskNet, request)))).Wait();

        Assert.All(networks.Recordings.Skip(before), Assert.Null);
        Assert.True(networks.Recordings.Count > before, "No batch had more regions than a chunk.");
    });
}
