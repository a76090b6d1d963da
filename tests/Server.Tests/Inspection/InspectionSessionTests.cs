using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Results;
using YMaskNet.Server.Inspection;

namespace YMaskNet.Server.Tests.Inspection;

/// <summary>The session alone, with inspections that end when a test says so.</summary>
public sealed class InspectionSessionTests
{
    private const int LargeResponse = 1 << 20;

    private static readonly SessionSettings Detect = new(InspectionTask.Detect, DetectionFilter.ModelDefaults, MaskFormat.CocoRle);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MessageQueue<Wire.InspectStreamRequest> _requests = new();
    private readonly MessageQueue<Wire.InspectStreamResponse> _responses = new();
    private readonly ConcurrentDictionary<byte, TaskCompletionSource<InspectionResult>> _inspections = new();
    private readonly LogRecorder _log = new();

    [Fact]
    public async Task RunAsync_LaterFrameIsDoneFirst_AnsweredInTheirOrder()
    {
        Task running = Run(maxFramesInFlight: 3);
        Send(1, 2, 3);
        await Until(() => _inspections.Count == 3);

        _inspections[3].SetResult(Result());
        _inspections[2].SetResult(Result());
        Assert.Equal(0, _responses.Count);
        _inspections[1].SetResult(Result());
        _requests.End();
        await running;

        Assert.Equal([1ul, 2, 3], await AnsweredIdsAsync(3));
    }

    [Fact]
    public async Task RunAsync_MoreFramesThanAreTaken_ReadsNoFurtherUntilAnswersLeave()
    {
        Task running = Run(maxFramesInFlight: 2);
        Send(1, 2, 3, 4);
        await Until(() => _inspections.Count == 2);

        Assert.Equal(2, _requests.Count);
        _inspections[1].SetResult(Result());
        await Until(() => _inspections.Count == 3);
        Assert.Equal(1, _requests.Count);

        _inspections[2].SetResult(Result());
        _inspections[3].SetResult(Result());
        await Until(() => _inspections.Count == 4);
        _inspections[4].SetResult(Result());
        _requests.End();
        await running;
        Assert.Equal([1ul, 2, 3, 4], await AnsweredIdsAsync(4));
    }

    [Fact]
    public async Task RunAsync_InspectionFailsUnexpectedly_FrameErrorWithoutInternalsAndOneLogEntry()
    {
        Task running = Run(maxFramesInFlight: 1);
        Send(1, 2);
        await Until(() => _inspections.ContainsKey(1));
        _inspections[1].SetException(new InvalidOperationException("a secret of the server"));
        await Until(() => _inspections.ContainsKey(2));
        _inspections[2].SetResult(Result());
        _requests.End();
        await running;

        Assert.True(await _responses.MoveNext(CancellationToken.None));
        Wire.FrameError error = _responses.Current.Result.Error;
        Assert.Equal((StatusCode.Internal, "INTERNAL"), ((StatusCode)error.Code, error.Reason));
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        LogEntry entry = Assert.Single(_log.Entries, candidate => candidate.Level >= LogLevel.Error);
        Assert.Equal(1000, entry.EventId);
        Assert.IsType<InvalidOperationException>(entry.Exception);
        Assert.True(await _responses.MoveNext(CancellationToken.None));
        Assert.Equal(Wire.Verdict.Pass, _responses.Current.Result.Verdict);
    }

    [Fact]
    public async Task RunAsync_CallerLeaves_InspectionsAreCancelledBeforeItEnds()
    {
        using CancellationTokenSource callerLeft = new();
        Task running = Run(maxFramesInFlight: 2, callerLeft: callerLeft.Token);
        Send(1, 2, 3);
        await Until(() => _inspections.Count == 2);

        await callerLeft.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience));
        Assert.All(_inspections.Values, inspection => Assert.True(inspection.Task.IsCanceled));
        Assert.Equal(0, _responses.Count);
        Assert.DoesNotContain(_log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task RunAsync_ServerStops_AnswersWhatItHasTakenThenEnds()
    {
        using CancellationTokenSource stopping = new();
        Task running = Run(maxFramesInFlight: 2, serverStopping: stopping.Token);
        Send(1, 2, 3);
        await Until(() => _inspections.Count == 2);

        await stopping.CancelAsync();
        _inspections[1].SetResult(Result());
        _inspections[2].SetResult(Result());

        InspectionException end = await Assert.ThrowsAsync<InspectionException>(() => running.WaitAsync(Patience));
        Assert.Equal((InspectionErrorKind.Unavailable, "SERVER_STOPPING"), (end.Kind, end.Reason));
        Assert.Equal([1ul, 2], await AnsweredIdsAsync(2));
        Assert.Equal(2, _inspections.Count);
    }

    [Fact]
    public async Task RunAsync_ReadingFails_AnswersEarlierFramesThenPassesTheErrorOn()
    {
        Task running = Run(maxFramesInFlight: 2);
        Send(1);
        _requests.End(new IOException("the connection is gone"));
        await Until(() => _inspections.Count == 1);
        _inspections[1].SetResult(Result());

        IOException error = await Assert.ThrowsAsync<IOException>(() => running.WaitAsync(Patience));

        Assert.Equal("the connection is gone", error.Message);
        Assert.Equal([1ul], await AnsweredIdsAsync(1));
    }

    [Fact]
    public async Task RunAsync_AnyFrame_WaitsForRoomInTheQueue()
    {
        QueuePolicy? policy = null;
        InspectionSession session = new(
            Detect,
            (request, _) =>
            {
                policy = request.WhenQueueIsFull;
                return Task.FromResult(Result());
            },
            new SessionLimits(FramesInFlight: 1, LargeResponse),
            _log.CreateLogger(""));
        Send(1);
        _requests.End();

        await session.RunAsync(_requests, _responses, CancellationToken.None, CancellationToken.None);

        Assert.Equal(QueuePolicy.Wait, policy);
        Assert.Equal(1, session.AnsweredFrames);
    }

    private Task Run(int maxFramesInFlight, CancellationToken callerLeft = default, CancellationToken serverStopping = default) =>
        new InspectionSession(Detect, InspectAsync, new SessionLimits(maxFramesInFlight, LargeResponse), _log.CreateLogger(""))
            .RunAsync(_requests, _responses, callerLeft, serverStopping);

    // The image's one byte says which frame it is.
    private async Task<InspectionResult> InspectAsync(InspectionRequest request, CancellationToken cancellationToken)
    {
        byte frame = Assert.IsType<EncodedImage>(request.Image).Data.Span[0];
        TaskCompletionSource<InspectionResult> inspection = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration =
            cancellationToken.Register(() => inspection.TrySetCanceled(cancellationToken));
        Assert.True(_inspections.TryAdd(frame, inspection));
        return await inspection.Task;
    }

    private void Send(params byte[] frames)
    {
        foreach (byte frame in frames)
        {
            _requests.Send(new Wire.InspectStreamRequest
            {
                Frame = new Wire.Frame { FrameId = frame, Image = Boards.Encoded([frame]) },
            });
        }
    }

    private async Task<List<ulong>> AnsweredIdsAsync(int count)
    {
        Assert.Equal(count, _responses.Count);
        List<ulong> ids = [];
        for (int i = 0; i < count; i++)
        {
            await _responses.MoveNext(CancellationToken.None);
            ids.Add(_responses.Current.Result.FrameId);
        }

        return ids;
    }

    private static async Task Until(Func<bool> condition)
    {
        using CancellationTokenSource patience = new(Patience);
        while (!condition())
            await Task.Delay(5, patience.Token);
    }

    private static InspectionResult Result() => new()
    {
        ImageWidth = 1,
        ImageHeight = 1,
        ExecutionProvider = "none",
        Device = "none",
        Times = new StageTimes(),
    };
}
