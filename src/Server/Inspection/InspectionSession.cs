using System.Threading.Channels;
using Grpc.Core;
using YMaskNet.Inference;
using YMaskNet.Inference.Results;
using YMaskNet.Server.Errors;
using YMaskNet.Server.Mapping;
using RichStatus = Google.Rpc.Status;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Inspection;

/// <summary>Inspects one image.</summary>
internal delegate Task<InspectionResult> Inspect(InspectionRequest request, CancellationToken cancellationToken);

/// <summary>
/// The frames of one stream: read, inspected side by side, answered in their order. A frame holds a slot from before
/// it is read until its answer is sent, so a session holds a bounded number of frames, and a caller that sends faster
/// than that is slowed down by HTTP/2's flow control.
/// </summary>
internal sealed class InspectionSession(SessionSettings settings, Inspect inspect, SessionLimits limits, ILogger log)
{
    private const string Method = "InspectStream frame";

    // More than the message around an answer takes.
    private const int EnvelopeBytes = 16;

    // Unbounded, since the slots bound it.
    private readonly Channel<Task<Wire.FrameResult>> _answers = Channel.CreateUnbounded<Task<Wire.FrameResult>>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    private readonly SemaphoreSlim _slots = new(limits.FramesInFlight);

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
        IAsyncStreamReader<Wire.InspectStreamRequest> requests,
        IServerStreamWriter<Wire.InspectStreamResponse> responses,
        CancellationToken callerLeft,
        CancellationToken serverStopping)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(callerLeft);
        Task reading = ReadAsync(requests, ended.Token, serverStopping);
        try
        {
            await foreach (Task<Wire.FrameResult> answer in _answers.Reader.ReadAllAsync(ended.Token))
            {
                await responses.WriteAsync(new Wire.InspectStreamResponse { Result = await answer }, ended.Token);
                AnsweredFrames++;
                _slots.Release();
            }
        }
        finally
        {
            // Frames live in memory of the call: nothing that uses them may outlive it.
            await ended.CancelAsync();
            await reading;
            while (_answers.Reader.TryRead(out Task<Wire.FrameResult>? answer))
                await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Never throws: what ends the reading reaches the writer through the channel, behind the frames before it.
    private async Task ReadAsync(
        IAsyncStreamReader<Wire.InspectStreamRequest> requests, CancellationToken ended, CancellationToken serverStopping)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(ended, serverStopping);
        Exception? end = null;
        try
        {
            await _slots.WaitAsync(stop.Token);
            while (await requests.MoveNext(stop.Token))
            {
                Wire.Frame frame = FrameOf(requests.Current);

                // Decoding an image takes a while and starts on the calling thread, which has more frames to read.
                Task<Wire.FrameResult> answer = Task.Run(() => AnswerAsync(frame, ended), CancellationToken.None);
                _answers.Writer.TryWrite(answer);
                await _slots.WaitAsync(stop.Token);
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

        _answers.Writer.Complete(end);
    }

    private static Wire.Frame FrameOf(Wire.InspectStreamRequest request) => request.MessageCase switch
    {
        Wire.InspectStreamRequest.MessageOneofCase.Frame => request.Frame,
        Wire.InspectStreamRequest.MessageOneofCase.Opening => throw SessionErrors.OpeningRepeated(),
        _ => throw SessionErrors.MessageEmpty(),
    };

    private async Task<Wire.FrameResult> AnswerAsync(Wire.Frame frame, CancellationToken ended)
    {
        try
        {
            InspectionRequest request = RequestMapping.ToInspection(frame, settings.Task, settings.Filter, settings.MaskFormat);
            Wire.FrameResult answer = ResponseMapping.ToFrameResult(frame.FrameId, await inspect(request, ended));

            // Refused here, it costs the frame; refused by gRPC, it would cost the session.
            return answer.CalculateSize() <= limits.ResponseBytes - EnvelopeBytes
                ? answer
                : throw ErrorTable.ToRpcException(
                    ErrorTable.MessageTooLarge($"The answer is above the limit of {limits.ResponseBytes} bytes."));
        }
        catch (Exception error) when (!ended.IsCancellationRequested)
        {
            // A frame that can't be inspected costs itself, not the session.
            RichStatus status = ErrorTable.StatusOf(error, callerLeft: false, deadlinePassed: false);
            RequestLog.Failed(log, Method, status, error);
            return ResponseMapping.ToFrameResult(frame.FrameId, status);
        }
    }
}
