using System.Text;
using Google.Protobuf.WellKnownTypes;
using YMaskNet.Inference;
using YMaskNet.Server.Errors;
using YMaskNet.Server.Mapping;
using YMaskNet.Server.Transport;
using RichStatus = Google.Rpc.Status;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Sessions;

/// <summary>A frame of a session and its answer, which is given exactly once.</summary>
internal sealed class SessionFrame
{
    private const int MaxPartIdBytes = 256;

    // The answer is awaited by the one that writes, whom the one that inspects must not carry on its thread.
    private readonly TaskCompletionSource<Wire.InspectStreamResponse> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Received<Wire.InspectStreamRequest> _received;
    private readonly ulong _frameId;
    private readonly Timestamp? _captureTime;
    private readonly string _partId;

    /// <summary>Takes a frame as it was read; the clock of its time limit starts.</summary>
    /// <param name="received">A message with a frame; disposed of when the frame is answered.</param>
    /// <param name="time">The server's clock.</param>
    public SessionFrame(Received<Wire.InspectStreamRequest> received, TimeProvider time)
    {
        _received = received;
        Wire.Frame frame = received.Message.Frame;
        _frameId = frame.FrameId;
        _captureTime = frame.CaptureTime;
        _partId = Encoding.UTF8.GetByteCount(frame.PartId) <= MaxPartIdBytes ? frame.PartId : "";
        try
        {
            Check(frame);
            Deadline = DeadlineOf(frame, time);
            Content = frame;
        }
        catch (InspectionException error)
        {
            Fail(ErrorTable.StatusOf(error, callerLeft: false, deadlinePassed: false));
        }
    }

    /// <summary>What the caller sent; <see langword="null"/> where it has been answered.</summary>
    public Wire.Frame? Content { get; private set; }

    /// <summary>When nobody needs the verdict any more.</summary>
    public InspectionDeadline? Deadline { get; }

    /// <summary>The answer; cancelled where the session ends without it.</summary>
    public Task<Wire.InspectStreamResponse> Answer => _answer.Task;

    /// <summary>Answers with what was found, unless the message is too large.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="mostBytes">Most bytes of the message.</param>
    public bool TryFinish(Wire.FrameResult result, int mostBytes)
    {
        Wire.InspectStreamResponse answer = Stamped(result);
        if (answer.CalculateSize() > mostBytes)
            return false;
        End(answer);
        return true;
    }

    /// <summary>Answers that it was not inspected, and why.</summary>
    public void Fail(RichStatus status) => End(Stamped(ResponseMapping.ToFrameResult(status)));

    /// <summary>Answers that another took its place.</summary>
    public void Drop() => End(Stamped(new Wire.FrameResult { Verdict = Wire.Verdict.Dropped }));

    /// <summary>Answers that its deadline had passed.</summary>
    public void ComeLate() => End(Stamped(new Wire.FrameResult { Verdict = Wire.Verdict.Late }));

    /// <summary>Ends it without an answer: nobody waits for one.</summary>
    public void Abandon()
    {
        Release();
        _answer.TrySetCanceled();
    }

    private void End(Wire.InspectStreamResponse answer)
    {
        Release();
        _answer.SetResult(answer);
    }

    /// <summary>Gives the image's memory back, however long the answers before this one take.</summary>
    private void Release()
    {
        Content = null;
        _received.Dispose();
    }

    private Wire.InspectStreamResponse Stamped(Wire.FrameResult result)
    {
        result.FrameId = _frameId;
        result.CaptureTime = _captureTime;
        result.PartId = _partId;
        return new Wire.InspectStreamResponse { Result = result };
    }

    private static void Check(Wire.Frame frame)
    {
        if (Encoding.UTF8.GetByteCount(frame.PartId) is > MaxPartIdBytes and int bytes)
            throw SessionErrors.PartIdTooLong(bytes, MaxPartIdBytes);
    }

    private static InspectionDeadline? DeadlineOf(Wire.Frame frame, TimeProvider time) => frame.DueCase switch
    {
        Wire.Frame.DueOneofCase.Deadline => InspectionDeadline.After(MomentOf(frame.Deadline) - time.GetUtcNow()),
        Wire.Frame.DueOneofCase.TimeLimit => InspectionDeadline.After(TimeOf(frame.TimeLimit)),
        _ => null,
    };

    private static DateTimeOffset MomentOf(Timestamp deadline)
    {
        try
        {
            return deadline.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            throw SessionErrors.DeadlineOutOfRange("deadline", "it is no moment of the years 1 to 9999");
        }
    }

    private static TimeSpan TimeOf(Duration limit)
    {
        try
        {
            TimeSpan time = limit.ToTimeSpan();
            return time >= TimeSpan.Zero ? time : throw SessionErrors.DeadlineOutOfRange("time_limit", "it is negative");
        }
        catch (InvalidOperationException)
        {
            throw SessionErrors.DeadlineOutOfRange("time_limit", "its seconds and nanoseconds contradict each other or are out of range");
        }
    }
}
