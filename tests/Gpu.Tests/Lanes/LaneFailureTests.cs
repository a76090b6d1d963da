using Microsoft.Extensions.Logging;
using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Results;
using YMaskNet.Testing;

namespace YMaskNet.Gpu.Tests.Lanes;

/// <summary>What comes of too little memory and of a lost device.</summary>
public class LaneFailureTests
{
    [Fact]
    public void Inspect_MasksLargerThanTheirRoom_AnswersRightAndLogsIt() => DriverProcess.Passes(static () =>
    {
        using Engines engines = new();
        using RecordingLoggers loggers = new();
        InspectionEngine cpu = engines.OnCpu();
        InspectionEngine gpu = engines.OnGpu(arenaBytes: 64, loggers: loggers);
        InspectionRequest request = new(Engines.Raw(BlobBoard.TwoBlobs()), InspectionTask.DetectAndSegment);

        Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, request);
        Assert.Single(loggers.Messages, message => message.Contains("there was room for 64", StringComparison.Ordinal));

        // More than a batch before has had, and more than is brought before it is known.
        RegionOfInterest[] whole = [.. Enumerable.Range(0, 12).Select(index => new RegionOfInterest(new PixelBox(index, 0f, 300f, 290f)))];
        BlobBoard large = new BlobBoard(320, 300).Fill(40, 40, 100, 100, BlobBoard.Bright);
        Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, new(Engines.Raw(large), InspectionTask.Segment) { RegionsOfInterest = whole });
        Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, request);
        Assert.Equal(2, loggers.Messages.Count(message => message.Contains("there was room for", StringComparison.Ordinal)));
    });

    [Fact]
    public void StartAsync_TooLittleMemory_RefusesAndSaysForWhat() => DriverProcess.Passes(
        static () =>
        {
            using Engines engines = new();

            DeviceUnavailableException refusal = Assert.Throws<DeviceUnavailableException>(() => engines.OnGpu());

            Assert.Equal("cuda:0", refusal.Device);
            Assert.Contains("bytes of memory left for", refusal.Message, StringComparison.Ordinal);
        },
        ("CUDA_STANDIN_MEMORY_BYTES", "1000000"));

    [Fact]
    public void Inspect_ImageTooLargeForTheDevice_FailsAloneAndTheNextIsInspected() => DriverProcess.Passes(
        static () =>
        {
            using Engines engines = new();
            InspectionEngine cpu = engines.OnCpu();
            InspectionEngine gpu = engines.OnGpu(arenaBytes: 4096);
            InspectionRequest usual = new(Engines.Raw(BlobBoard.TwoBlobs()), InspectionTask.DetectAndSegment);
            Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, usual);

            InspectionException refusal = Assert.Throws<InspectionException>(() => Agreement.Inspect(
                gpu, TestModels.TinyYMaskNet, usual with { Image = Engines.Raw(new BlobBoard(8000, 6000)) }));
            Assert.Equal((InspectionErrorKind.ResourceExhausted, "DEVICE_MEMORY_EXHAUSTED"), (refusal.Kind, refusal.Reason));
            Assert.Contains("48000256 bytes of memory left for a batch's images", refusal.Message, StringComparison.Ordinal);

            // Masks of 20 MB have no room in the memory, and are not made in part.
            RegionOfInterest[] whole = [.. Enumerable.Range(0, 40).Select(_ => new RegionOfInterest(new PixelBox(0f, 0f, 2000f, 2000f)))];
            InspectionRequest masks = new(Engines.Raw(new BlobBoard(2000, 2000)), InspectionTask.Segment) { RegionsOfInterest = whole };
            InspectionException tooMany = Assert.Throws<InspectionException>(() => Agreement.Inspect(gpu, TestModels.TinyYMaskNet, masks));
            Assert.Equal("DEVICE_MEMORY_EXHAUSTED", tooMany.Reason);
            Assert.Contains("the masks", tooMany.Message, StringComparison.Ordinal);

            Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, usual);
            Agreement.Check(cpu, gpu, TestModels.TinyYMaskNet, usual);
            Assert.False(gpu.DeviceLost.IsCompleted);
        },
        ("CUDA_STANDIN_MEMORY_BYTES", "20000000"));

    [Fact]
    public void Inspect_DeviceLost_ItsBatchAndAllLaterOnesAreRefused() => DriverProcess.Passes(
        static () =>
        {
            using Engines engines = new();
            InspectionEngine gpu = engines.OnGpu();
            InspectionRequest request = new(Engines.Raw(BlobBoard.TwoBlobs()), InspectionTask.DetectAndSegment);

            for (int call = 0; call < 3; call++)
            {
                InspectionException refusal = Assert.Throws<InspectionException>(() => Agreement.Inspect(gpu, TestModels.TinyYMaskNet, request));
                Assert.Equal((InspectionErrorKind.Unavailable, "DEVICE_LOST"), (refusal.Kind, refusal.Reason));
                Assert.Contains("cuda:0", refusal.Message, StringComparison.Ordinal);
            }

            Assert.True(gpu.DeviceLost.IsCompleted, "The engine does not say that its device is lost.");
        },
        ("CUDA_STANDIN_LOST_AT_LAUNCH", "6"));

    /// <summary>Keeps what is logged as a warning or worse.</summary>
    private sealed class RecordingLoggers : ILoggerFactory, ILogger
    {
        private readonly List<string> _messages = [];

        public IReadOnlyList<string> Messages
        {
            get
            {
                lock (_messages)
                    return [.. _messages];
            }
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_messages)
                _messages.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }
}
