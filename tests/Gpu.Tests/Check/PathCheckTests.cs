using ManagedCuda.BasicTypes;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Gpu.Tests.Lanes;
using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Imaging;
using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu;
using YMaskNet.Inference.Gpu.Memory;
using YMaskNet.Inference.Gpu.Networks;
using YMaskNet.Perf.Gpu.WholePath;
using YMaskNet.Testing;

namespace YMaskNet.Gpu.Tests.Check;

/// <summary>The GPU check's whole path, over the stand-in.</summary>
public class PathCheckTests
{
    // The stand-in's networks run there.
    private const string Provider = "CPUExecutionProvider";

    [Fact]
    public void Run_OverTheStandIn_NothingIsWrongAndEveryPartHasFigures() => DriverProcess.Passes(static () =>
    {
        using Models models = new();
        PathPlan plan = new(TestModels.TinyYMaskNet, [1, 2], [1, 2], TimeSpan.FromMilliseconds(100), Provider);

        PathVerdict verdict = PathCheck.RunAsync(models.Setup(new StandInNetworkProvider()), plan, CancellationToken.None).GetAwaiter().GetResult();

        Assert.Empty(verdict.AllFailures());
        Assert.Equal(3, verdict.Agreements.Count);
        Assert.True(verdict.Agreements.Sum(agreement => agreement.Defects) > 0, "No model found a defect: nothing was compared.");
        Assert.Equal(
            ["tiny-semantic/1 Stage1", "tiny-ymasknet/1 Stage1", "tiny-ymasknet/1 Stage2", "tiny-yolov5/1 Stage1"],
            verdict.Profiles.Select(profile => profile.Network));
        Assert.Equal([(1, 1), (1, 2), (2, 2), (2, 4)], verdict.Throughputs.Select(figure => (figure.Batch, figure.InHand)));
        foreach (ThroughputFigure figure in verdict.Throughputs)
        {
            Assert.True(figure is { PerSecond: > 0, Milliseconds: > 0, Stages: { Networks: > 0, Kernels: > 0, CopiesToDevice: > 0, CopiesToHost: > 0 } }, figure.ToString());
            Assert.InRange(figure.MeanBatch, 1, figure.Batch);
        }
    });

    [Fact]
    public void Copies_OfAFullBatch_AreTheFramesTheSlotsAndOneDownloadOfEachKind() => DriverProcess.Passes(static () =>
    {
        using Models models = new();

        IReadOnlyList<CopyVerdict> verdicts = CopyCheck.RunAsync(
            models.Setup(new StandInNetworkProvider()), batch: 3, CancellationToken.None).GetAwaiter().GetResult();

        Assert.Empty(verdicts.SelectMany(verdict => verdict.Failures));
        CopyVerdict twoStages = verdicts.Single(verdict => verdict.Model == $"{TestModels.TinyYMaskNet}/1");
        Assert.Equal(4, twoStages.Copies.Count(copy => copy.IsToDevice));
        Assert.Equal(4, twoStages.Copies.Count(copy => !copy.IsToDevice));
        Assert.Equal(3, twoStages.Copies.Count(copy => copy is { IsToDevice: true, Bytes: 64 * 64 }));
    });

    [Fact]
    public void Copies_OneMoreInABatch_FailsAndSaysWhichThereShouldBe() => DriverProcess.Passes(static () =>
    {
        using Models models = new();

        IReadOnlyList<CopyVerdict> verdicts = CopyCheck.RunAsync(
            models.Setup(new CopyingProvider()), batch: 1, CancellationToken.None).GetAwaiter().GetResult();

        string failure = Assert.Single(verdicts.Single(verdict => verdict.Model == $"{TestModels.TinyYoloV5}/1").Failures);
        Assert.Contains("3 copies to the host for a batch of 1; the counts and the regions are 2", failure, StringComparison.Ordinal);
    });

    [Fact]
    public void Agreement_NetworksThatGiveNothing_FailsAndNamesModelImageAndDefect() => DriverProcess.Passes(static () =>
    {
        using Models models = new();

        IReadOnlyList<AgreementVerdict> verdicts =
            AgreementCheck.RunAsync(models.Setup(new IdleProvider()), CancellationToken.None).GetAwaiter().GetResult();

        string failure = verdicts.Single(verdict => verdict.Model == $"{TestModels.TinyYoloV5}/1").Failures[0];
        Assert.StartsWith("tiny-yolov5/1, two-blobs.png, Detect: there is no ", failure, StringComparison.Ordinal);
    });

    [Theory]
    [InlineData(5, "the first network: 80 % of the time")]
    [InlineData(20, "the host: the device computes 25 % of the time")]
    public void LimitingStage_ByHowLongABatchTakes(double batchMilliseconds, string expected) =>
        Assert.Equal(expected, Shares(copies: 0.5).LimitingStage(batchMilliseconds));

    [Fact]
    public void LimitingStage_CopiesThatTakeAsLongAsTheBatch()
    {
        Assert.Equal("copies to the device: 90 % of the time", Shares(copies: 18).LimitingStage(20));
        Assert.Equal((0.5 + 0.25 + 0.75) / 4.25, Shares(copies: 0.5).BridgeShare, 3);
    }

    private static StageShares Shares(double copies) => new(0.25, 4, 0.125, 0.125, 0.25, 0.25, copies, 0.25);

    /// <summary>The tiny models and an image on the disk.</summary>
    private sealed class Models : IDisposable
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("ymasknet-models-").FullName;

        public Models() => TestModels.WriteAll(_folder);

        public PathSetup Setup(INetworkProvider networks)
        {
            BlobBoard board = BlobBoard.TwoBlobs();
            EncodedImage image = new(PngEncoder.EncodeGray8(board.Pixels, board.Width, board.Height));
            return new PathSetup(_folder, [("two-blobs.png", image)], DeviceChoice.Cuda(0), Engines.StandIn with { Networks = networks });
        }

        public void Dispose() => Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Brings a value of the device to the host after each run.</summary>
    private sealed class CopyingProvider : WrappedProvider, IDisposable
    {
        private PinnedBuffer<byte>? _host;
        private DeviceBuffer? _device;

        public override void Enqueue(CUstream stream, Action run)
        {
            base.Enqueue(stream, run);
            _host ??= new PinnedBuffer<byte>(4, "a copy too many");
            _device ??= new DeviceBuffer(4, "a copy too many");
            CopyMeter.ToHost(4);
            CudaErrors.Succeeds(ManagedCuda.DriverAPINativeMethods.AsynchronousMemcpy_v2.cuMemcpyDtoHAsync_v2(_host.At(0), _device.Pointer, 4, stream));
        }

        public void Dispose()
        {
            _host?.Dispose();
            _device?.Dispose();
        }
    }

    /// <summary>Never runs a network.</summary>
    private sealed class IdleProvider : WrappedProvider
    {
        public override void Enqueue(CUstream stream, Action run)
        {
        }
    }

    private abstract class WrappedProvider : INetworkProvider
    {
        private readonly StandInNetworkProvider _inner = new();

        public string ExecutionProvider => _inner.ExecutionProvider;

        public OrtMemoryInfo CreateMemoryInfo(int device) => _inner.CreateMemoryInfo(device);

        public SessionOptions CreateSessionOptions(int device, CUstream stream, bool allowsCpuFallback) =>
            _inner.CreateSessionOptions(device, stream, allowsCpuFallback);

        public RunOptions CreateRunOptions() => _inner.CreateRunOptions();

        public virtual void Enqueue(CUstream stream, Action run) => _inner.Enqueue(stream, run);
    }
}
