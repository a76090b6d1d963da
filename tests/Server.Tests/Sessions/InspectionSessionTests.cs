using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using Microsoft.Extensions.Logging;
using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Results;
using YMaskNet.Inference.Verdicts;
using YMaskNet.Server.Sessions;
using YMaskNet.Server.Transport;

namespace YMaskNet.Server.Tests.Sessions;

/// <summary>The session alone, with inspections that end when a test says so.</summary>
public sealed class InspectionSessionTests
{
    private const int LargeResponse = 1 << 20;

    private static readonly SessionSettings Detect = new(InspectionTask.Detect, DetectionFilter.ModelDefaults, MaskFormat.CocoRle);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly MessageQueue<Received<Wire.InspectStreamRequest>> _requests = new();
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
    public async Task RunAsync_DropOldest_ANewFrameTakesThePlaceOfTheOldestThatWaits()
    {
        Task running = Run(Detect with { Policy = FramePolicy.DropOldest }, new SessionLimits(3, 1, 48, LargeResponse));
        Send(1, 2, 3, 4, 5);
        await Until(() => _requests.Count == 0 && _inspections.Count == 1);

        // 1 is inspected, 2 and 3 waited, and 4 and 5 took their places.
        _inspections[1].SetResult(Result());
        await Until(() => _inspections.ContainsKey(4));
        _inspections[4].SetResult(Result());
        await Until(() => _inspections.ContainsKey(5));
        _inspections[5].SetResult(Result());
        _requests.End();
        await running;

        Assert.Equal(
            [
                (1ul, Wire.Verdict.Pass), (2, Wire.Verdict.Dropped), (3, Wire.Verdict.Dropped), (4, Wire.Verdict.Pass), (5, Wire.Verdict.Pass),
            ],
            await AnswersAsync(answer => (answer.FrameId, answer.Verdict)));
    }

    [Fact]
    public async Task RunAsync_LatestOnly_OnlyTheNewestWaits()
    {
        Task running = Run(Detect with { Policy = FramePolicy.LatestOnly }, new SessionLimits(8, 1, 128, LargeResponse));
        Send(1, 2, 3, 4);
        await Until(() => _requests.Count == 0 && _inspections.Count == 1);

        _inspections[1].SetResult(Result());
        await Until(() => _inspections.ContainsKey(4));
        _inspections[4].SetResult(Result());
        _requests.End();
        await running;

        Assert.Equal(
            [Wire.Verdict.Pass, Wire.Verdict.Dropped, Wire.Verdict.Dropped, Wire.Verdict.Pass], await AnswersAsync(answer => answer.Verdict));
        Assert.Equal(2, _inspections.Count);
    }

    [Fact]
    public async Task RunAsync_DropsUnansweredBehindASlowFrame_ReadingStopsAtTheBound()
    {
        Task running = Run(Detect with { Policy = FramePolicy.LatestOnly }, new SessionLimits(1, 1, 4, LargeResponse));
        Send(1, 2, 3, 4, 5, 6);
        await Until(() => _requests.Count == 2);
        await Task.Delay(50);

        // Nothing has been answered, since 1 is still inspected: four are taken and no more.
        Assert.Equal(2, _requests.Count);
        _inspections[1].SetResult(Result());
        _requests.End();
        await Until(() =>
        {
            foreach (TaskCompletionSource<InspectionResult> inspection in _inspections.Values)
                inspection.TrySetResult(Result());
            return running.IsCompleted;
        });
        await running;
        Assert.Equal([1ul, 2, 3, 4, 5, 6], await AnswersAsync(answer => answer.FrameId));
    }

    [Fact]
    public async Task RunAsync_DeadlinePassesWhileAFrameWaits_LateWithoutAnInspection()
    {
        Task running = Run(Detect, new SessionLimits(4, 1, 4, LargeResponse));
        Send(1);
        await Until(() => _inspections.Count == 1);
        Send(new Wire.Frame { FrameId = 2, Image = Boards.Encoded([2]), TimeLimit = new Duration() });
        Send(new Wire.Frame { FrameId = 3, Image = Boards.Encoded([3]), Deadline = Timestamp.FromDateTime(DateTime.UtcNow.AddHours(-1)) });
        Send(new Wire.Frame { FrameId = 4, Image = Boards.Encoded([4]), TimeLimit = Duration.FromTimeSpan(TimeSpan.FromDays(1)) });
        _inspections[1].SetResult(Result());
        await Until(() => _inspections.ContainsKey(4));
        _inspections[4].SetResult(Result());
        _requests.End();
        await running;

        Assert.Equal(
            [Wire.Verdict.Pass, Wire.Verdict.Late, Wire.Verdict.Late, Wire.Verdict.Pass], await AnswersAsync(answer => answer.Verdict));
        Assert.Equal([(byte)1, (byte)4], _inspections.Keys.Order().ToArray());
    }

    [Fact]
    public async Task RunAsync_DeadlinePassesInTheModelsQueue_Late()
    {
        Task running = Run(maxFramesInFlight: 1);
        Send(1);
        await Until(() => _inspections.Count == 1);
        _inspections[1].SetException(new InspectionException(InspectionErrorKind.DeadlineExceeded, "DEADLINE_PASSED", "too late"));
        _requests.End();
        await running;

        Assert.Equal([(Wire.Verdict.Late, null)], await AnswersAsync(answer => (answer.Verdict, answer.Error)));
        Assert.DoesNotContain(_log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task RunAsync_CaptureTimeAndPartId_ComeBackWhateverTheVerdict()
    {
        Task running = Run(Detect with { Policy = FramePolicy.LatestOnly }, new SessionLimits(1, 1, 16, LargeResponse));
        Timestamp taken = new() { Seconds = 1, Nanos = 2 };
        for (byte frame = 1; frame <= 4; frame++)
        {
            Send(new Wire.Frame
            {
                FrameId = frame,
                Image = Boards.Encoded([frame]),
                CaptureTime = taken,
                PartId = $"part {frame}",
                TimeLimit = frame == 4 ? new Duration() : null,
            });
        }

        await Until(() => _requests.Count == 0 && _inspections.Count == 1);
        _inspections[1].SetException(new InspectionException(InspectionErrorKind.InvalidArgument, "IMAGE_DAMAGED", "damaged"));
        _requests.End();
        await running;

        Assert.Equal(
            [
                (Wire.Verdict.Error, taken, "part 1"), (Wire.Verdict.Dropped, taken, "part 2"), (Wire.Verdict.Dropped, taken, "part 3"),
                (Wire.Verdict.Late, taken, "part 4"),
            ],
            await AnswersAsync(answer => (answer.Verdict, answer.CaptureTime, answer.PartId)));
    }

    [Theory]
    [MemberData(nameof(BadFrames))]
    public async Task RunAsync_FrameContradictsItself_ErrorOfItsOwnAndTheSessionGoesOn(Wire.Frame bad, string reason, string field)
    {
        Task running = Run(maxFramesInFlight: 2);
        Send(bad);
        Send(7);
        await Until(() => _inspections.Count == 1);
        _inspections[7].SetResult(Result());
        _requests.End();
        await running;

        Assert.Equal(
            [(Wire.Verdict.Error, reason, field), (Wire.Verdict.Pass, null, null)],
            await AnswersAsync(answer => (answer.Verdict, answer.Error?.Reason, answer.Error?.Metadata["field"])));
    }

    public static TheoryData<Wire.Frame, string, string> BadFrames => new()
    {
        { new Wire.Frame { PartId = new string('ä', 129) }, "PART_ID_TOO_LONG", "part_id" },
        { new Wire.Frame { TimeLimit = new Duration { Seconds = -1 } }, "DEADLINE_OUT_OF_RANGE", "time_limit" },
        { new Wire.Frame { TimeLimit = new Duration { Seconds = 1, Nanos = -1 } }, "DEADLINE_OUT_OF_RANGE", "time_limit" },
        { new Wire.Frame { Deadline = new Timestamp { Seconds = long.MaxValue } }, "DEADLINE_OUT_OF_RANGE", "deadline" },
    };

    [Fact]
    public async Task RunAsync_Recipe_DecidesTheVerdictAndNamesWhatFailed()
    {
        Recipe recipe = new() { DefaultRule = new ClassRule { MinScore = 0.5f } };
        Task running = Run(Detect with { Recipe = recipe }, new SessionLimits(2, 2, 2, LargeResponse));
        Send(1, 2);
        await Until(() => _inspections.Count == 2);
        _inspections[1].SetResult(Result() with { Defects = [Defect(0.4f)] });
        _inspections[2].SetResult(Result() with { Defects = [Defect(0.9f), Defect(0.4f), Defect(0.6f)] });
        _requests.End();
        await running;

        Assert.Equal(
            [(Wire.Verdict.Pass, 1, ""), (Wire.Verdict.Fail, 3, "0 2")],
            await AnswersAsync(answer => (answer.Verdict, answer.Defects.Count, string.Join(' ', answer.Rejecting))));
    }

    [Fact]
    public async Task RunAsync_CallerLeavesWhileFramesWait_NoneIsInspectedAfterwards()
    {
        using CancellationTokenSource callerLeft = new();
        Task running = Run(Detect, new SessionLimits(4, 1, 4, LargeResponse), callerLeft.Token);
        Send(1, 2, 3);
        await Until(() => _requests.Count == 0 && _inspections.Count == 1);

        await callerLeft.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience));
        Assert.Single(_inspections);
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
                return ValueTask.FromResult(Result());
            },
            new SessionLimits(1, 1, 1, LargeResponse),
            TimeProvider.System,
            _log.CreateLogger(""));
        Send(1);
        _requests.End();

        await session.RunAsync(_requests, _responses, CancellationToken.None, CancellationToken.None);

        Assert.Equal(QueuePolicy.Wait, policy);
        Assert.Equal(1, session.AnsweredFrames);
    }

    private Task Run(int maxFramesInFlight, CancellationToken callerLeft = default, CancellationToken serverStopping = default) =>
        Run(Detect, new SessionLimits(maxFramesInFlight, maxFramesInFlight, maxFramesInFlight, LargeResponse), callerLeft, serverStopping);

    private Task Run(
        SessionSettings settings, SessionLimits limits, CancellationToken callerLeft = default, CancellationToken serverStopping = default) =>
        new InspectionSession(settings, InspectAsync, limits, TimeProvider.System, _log.CreateLogger(""))
            .RunAsync(_requests, _responses, callerLeft, serverStopping);

    // The image's one byte says which frame it is.
    private async ValueTask<InspectionResult> InspectAsync(InspectionRequest request, CancellationToken cancellationToken)
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
            Send(new Wire.Frame { FrameId = frame, Image = Boards.Encoded([frame]) });
    }

    private void Send(Wire.Frame frame) =>
        _requests.Send(new Received<Wire.InspectStreamRequest>(new Wire.InspectStreamRequest { Frame = frame }, pixels: null));

    private async Task<List<T>> AnswersAsync<T>(Func<Wire.FrameResult, T> selector)
    {
        List<T> answers = [];
        for (int count = _responses.Count; count > 0; count--)
        {
            await _responses.MoveNext(CancellationToken.None);
            answers.Add(selector(_responses.Current.Result));
        }

        return answers;
    }

    private static Defect Defect(float score) => new(0, "open", score, new PixelBox(0, 0, 1, 1), Mask: null);

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
