using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;
using YMaskNet.Inference;
using YMaskNet.Inference.Results;
using YMaskNet.Inference.Verdicts;
using YMaskNet.Server.Errors;
using YMaskNet.Server.Mapping;
using YMaskNet.Server.Transport;
using RichStatus = Google.Rpc.Status;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Sessions;

/// <summary>Inspects one image.</summary>
internal delegate ValueTask<InspectionResult> Inspect(InspectionRequest request, CancellationToken cancellationToken);

/// <summary>
/// The frames of one stream: read, inspected side by side, answered in their order. A frame counts as unanswered from before
/// it is read until its answer is sent; their number is bounded, and so is that of the images held, so that a caller that
/// sends faster is slowed down by HTTP/2's flow control or has frames dropped, as the policy says.
/// </summary>
internal sealed class InspectionSession(
    SessionSettings settings, Inspect inspect, SessionLimits limits, TimeProvider time, ILogger log)
{
    private const string Method = "InspectStream frame";

    // Unbounded, since the places bound it.
    private readonly Channel<SessionFrame> _unanswered = Channel.CreateUnbounded<SessionFrame>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly FramePlaces _places = new(limits.FramesUnanswered);
    private readonly WaitingFrames _waiting = new(limits.FramesWaiting(settings.Policy));
    private readonly InspectionFlow _flow = new();
    private readonly Judge _judge = new(settings.Recipe);
    private readonly Lock _gate = new();
    private int _inspectors;

    /// <summary>How many frames have been answered.</summary>
    public long AnsweredFrames { get; private set; }

    /// <summary>
    /// Runs until the caller has ended its side and all frames are answered. Where the session ends with an error, the
    /// frames before it are answered first.
    /// </summary>
    /// <param name="requests">The caller's messages after the opening.</param>
    /// <param name="responses">Where answers go.</param>
    /// <param name="callerLeft">Ends the session at once.</param>
    /// <param name="serverStopping">Ends the session when the frames that were read are answered.</param>
    /// <exception cref="InspectionException">A message was not a frame, or the server stops.</exception>
    public async Task RunAsync(
        IAsyncStreamReader<Received<Wire.InspectStreamRequest>> requests,
        IServerStreamWriter<Wire.InspectStreamResponse> responses,
        CancellationToken callerLeft,
        CancellationToken serverStopping)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(callerLeft);
        Task reading = ReadAsync(requests, ended.Token, serverStopping);
        try
        {
            await foreach (SessionFrame frame in _unanswered.Reader.ReadAllAsync(ended.Token))
            {
                await responses.WriteAsync(await frame.Answer, ended.Token);
                AnsweredFrames++;
                _places.Release();
            }
        }
        finally
        {
            // Frames live in memory of the call: nothing that uses them may outlive it.
            await ended.CancelAsync();
            await reading;
            while (_unanswered.Reader.TryRead(out SessionFrame? frame))
                await ((Task)frame.Answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Never throws: what ends the reading reaches the writer through the channel, behind the frames before it.
    private async Task ReadAsync(
        IAsyncStreamReader<Received<Wire.InspectStreamRequest>> requests, CancellationToken ended, CancellationToken serverStopping)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(ended, serverStopping);
        using CancellationTokenRegistration stopping = stop.Token.UnsafeRegister(
            static (places, token) => ((FramePlaces)places!).Cancel(token), _places);
        Exception? end = null;
        try
        {
            await _places.TakeAsync(stop.Token);
            while (await requests.MoveNext(stop.Token))
            {
                SessionFrame frame = new(WithFrame(requests.Current), time);
                _unanswered.Writer.TryWrite(frame);
                if (frame.Content is not null)
                    Accept(frame, ended);
                await _places.TakeAsync(stop.Token);
            }
        }
        catch (OperationCanceledException) when (serverStopping.IsCancellationRequested && !ended.IsCancellationRequested)
        {
            end = SessionErrors.ServerStopping();
        }
        catch (Exception error)
        {
            end = error;
        }

        _unanswered.Writer.Complete(end);
    }

    private static Received<Wire.InspectStreamRequest> WithFrame(Received<Wire.InspectStreamRequest> received) =>
        received.Message.MessageCase switch
        {
            Wire.InspectStreamRequest.MessageOneofCase.Frame => received,
            Wire.InspectStreamRequest.MessageOneofCase.Opening => throw SessionErrors.OpeningRepeated(),
            _ => throw SessionErrors.MessageEmpty(),
        };

    private void Accept(SessionFrame frame, CancellationToken ended)
    {
        SessionFrame? displaced;
        bool isFree;
        lock (_gate)
        {
            isFree = _inspectors < limits.FramesInspected;
            if (isFree)
                _inspectors++;
            displaced = isFree ? null : _waiting.Add(frame);
        }

        displaced?.Drop();

        // Decoding an image takes a while and starts on the calling thread, which has more frames to read.
        if (isFree)
            ThreadPool.UnsafeQueueUserWorkItem(static work => _ = work.Session.InspectAsync(work.Frame, work.Ended), (Session: this, Frame: frame, Ended: ended), preferLocal: false);
    }

    /// <summary>Inspects a frame and then those that wait, until none does. Never throws.</summary>
    private async Task InspectAsync(SessionFrame first, CancellationToken ended)
    {
        for (SessionFrame? frame = first; frame is not null; frame = NextOrLeave())
            await AnswerAsync(frame, ended);
    }

    private SessionFrame? NextOrLeave()
    {
        lock (_gate)
        {
            SessionFrame? next = _waiting.Take();
            if (next is null)
                _inspectors--;
            return next;
        }
    }

    // Its state is taken from a pool, since it waits once for every frame.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask AnswerAsync(SessionFrame frame, CancellationToken ended)
    {
        if (ended.IsCancellationRequested)
        {
            frame.Abandon();
            return;
        }

        if (frame.Deadline is { HasPassed: true })
        {
            frame.ComeLate();
            return;
        }

        try
        {
            InspectionRequest request = settings.ToInspection(frame.Content!, _flow, frame.Deadline);
            InspectionResult result = await inspect(request, ended);
            Wire.FrameResult answer = ResponseMapping.ToFrameResult(result, _judge.Rejecting(result));

            // Refused here, it costs the frame; refused by gRPC, it would cost the session.
            if (!frame.TryFinish(answer, limits.ResponseBytes))
                frame.Fail(ErrorTable.MessageTooLarge($"The answer is above the limit of {limits.ResponseBytes} bytes."));
        }
        catch (InspectionException error) when (error.Kind == InspectionErrorKind.DeadlineExceeded)
        {
            frame.ComeLate();
        }
        catch (Exception) when (ended.IsCancellationRequested)
        {
            frame.Abandon();
        }
        catch (Exception error)
        {
            // A frame that can't be inspected costs itself, not the session.
            RichStatus status = ErrorTable.StatusOf(error, callerLeft: false, deadlinePassed: false);
            RequestLog.Failed(log, Method, status, error);
            frame.Fail(status);
        }
    }
}
