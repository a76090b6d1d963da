using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Grpc.Core;
using YMaskNet.V1;
using Task = System.Threading.Tasks.Task;

namespace YMaskNet.Client;

/// <summary>
/// A stream of frames under one task and one model. Frames are answered in order, each exactly once. At most
/// <see cref="MaxFramesInFlight"/> frames are on their way: <see cref="WriteAsync"/> waits until results have been taken,
/// so write and read concurrently, or let <see cref="InspectAsync"/> do both.
/// </summary>
/// <remarks>
/// When the server ends the session, dies or falls silent, writing and reading both throw
/// <see cref="InspectionFailedException"/>; results that had arrived before are still read first.
/// </remarks>
public sealed class InspectionSession : IAsyncDisposable
{
    private static readonly TimeSpan StatusGracePeriod = TimeSpan.FromSeconds(1);

    private readonly AsyncDuplexStreamingCall<InspectStreamRequest, InspectStreamResponse> _call;
    private readonly SemaphoreSlim _freePlaces;
    private readonly SemaphoreSlim _oneWriter = new(1, 1);
    private readonly ConcurrentQueue<ulong> _unanswered = new();

    // Never holds more than MaxFramesInFlight results: a place is freed only when its result is taken.
    private readonly Channel<FrameResult> _results = Channel.CreateUnbounded<FrameResult>();
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _receiving;
    private volatile bool _completed;
    private Exception? _failure;

    private InspectionSession(
        AsyncDuplexStreamingCall<InspectStreamRequest, InspectStreamResponse> call, SessionOpened opened, int maxFramesInFlight)
    {
        _call = call;
        Model = opened.Model;
        ServerTime = opened.ServerTime?.ToDateTimeOffset();
        MaxFramesInFlight = maxFramesInFlight;
        _freePlaces = new SemaphoreSlim(maxFramesInFlight, maxFramesInFlight);
        _receiving = ReceiveAsync();
    }

    /// <summary>The model that answers for the whole session.</summary>
    public ModelReference Model { get; }

    /// <summary>
    /// The server's clock when it opened the session, by which <see cref="Frame.Deadline"/> is meant; <see langword="null"/>
    /// from a server that does not tell.
    /// </summary>
    public DateTimeOffset? ServerTime { get; }

    /// <summary>Most frames on their way: the lower of the caller's and the server's number.</summary>
    public int MaxFramesInFlight { get; }

    /// <summary>Sends a frame, as soon as fewer than <see cref="MaxFramesInFlight"/> are on their way.</summary>
    /// <param name="frame">The frame; its image must stay as it is until its result has come.</param>
    /// <param name="cancellationToken">Stops the waiting. Once the frame is being sent, cancelling ends the session.</param>
    /// <exception cref="InspectionFailedException">The session has failed.</exception>
    /// <exception cref="InvalidOperationException">The session was completed before.</exception>
    public async Task WriteAsync(Frame frame, CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        try
        {
            await _oneWriter.WaitAsync(stop.Token).ConfigureAwait(false);
            try
            {
                ThrowIfCompleted();
                await _freePlaces.WaitAsync(stop.Token).ConfigureAwait(false);
                _unanswered.Enqueue(frame.FrameId);
                await _call.RequestStream.WriteAsync(new InspectStreamRequest { Frame = frame }, stop.Token).ConfigureAwait(false);
            }
            finally
            {
                _oneWriter.Release();
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException || (IsOfTransport(exception) && !_completed))
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw await WhyEndedAsync(exception).ConfigureAwait(false);
        }
    }

    /// <summary>Says that no frame follows. Results of the frames on their way still come.</summary>
    public async Task CompleteAsync(CancellationToken cancellationToken = default)
    {
        await _oneWriter.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_completed)
                return;

            _completed = true;
            await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTransport(exception))
        {
            throw await WhyEndedAsync(exception).ConfigureAwait(false);
        }
        finally
        {
            _oneWriter.Release();
        }
    }

    /// <summary>
    /// The results, in the order of the frames, until the session is complete. A frame that could not be inspected has
    /// <see cref="Verdict.Error"/>, one that came too late <see cref="Verdict.Late"/>, one that a later frame displaced
    /// <see cref="Verdict.Dropped"/>; the session goes on.
    /// </summary>
    /// <param name="cancellationToken">Stops the reading; the session goes on until it is disposed of.</param>
    /// <exception cref="InspectionFailedException">The session has failed.</exception>
    public async IAsyncEnumerable<FrameResult> ReadAllAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await foreach (FrameResult result in _results.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
        {
            _freePlaces.Release();
            yield return result;
        }
    }

    /// <summary>
    /// Sends frames as they come and gives their results as they arrive, in order; completes the session after the last
    /// frame. When <paramref name="frames"/> throws, so does this.
    /// </summary>
    /// <param name="frames">The frames. They are drawn concurrently with the reading, and should honour their token.</param>
    /// <param name="cancellationToken">Stops both; the session is of no further use then.</param>
    /// <exception cref="InspectionFailedException">The session has failed.</exception>
    public async IAsyncEnumerable<FrameResult> InspectAsync(
        IAsyncEnumerable<Frame> frames, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _ended.Token);
        Task writing = WriteAllAsync(frames, stop.Token);
        try
        {
            await foreach (FrameResult result in ReadAllAsync(cancellationToken).ConfigureAwait(false))
                yield return result;
        }
        finally
        {
            await stop.CancelAsync().ConfigureAwait(false);
            await writing.ConfigureAwait(false);
        }
    }

    /// <summary>Ends the session. One that is not complete is cancelled, on the server too.</summary>
    public async ValueTask DisposeAsync()
    {
        _call.Dispose();
        await _receiving.ConfigureAwait(false);
    }

    internal static async Task<InspectionSession> OpenAsync(
        InspectionService.InspectionServiceClient service, SessionOptions options, CallOptions callOptions)
    {
        CancellationToken cancellationToken = callOptions.CancellationToken;
        if (options.MaxFramesInFlight is { } asked)
            ArgumentOutOfRangeException.ThrowIfLessThan(asked, 1, nameof(options));
        InspectStreamRequest opening = new() { Opening = options.ToMessage() };

        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (callOptions.Deadline - DateTime.UtcNow is { } left)
            stop.CancelAfter(left > TimeSpan.Zero ? left : TimeSpan.Zero);

        // The deadline is the opening's, not the session's.
        AsyncDuplexStreamingCall<InspectStreamRequest, InspectStreamResponse> call =
            service.InspectStream(new CallOptions(callOptions.Headers));
        try
        {
            SessionOpened opened = await ExchangeOpeningAsync(call, opening, stop.Token).ConfigureAwait(false);
            int serversNumber = Math.Max(1, int.CreateSaturating(opened.MaxFramesInFlight));
            return new InspectionSession(call, opened, Math.Min(serversNumber, options.MaxFramesInFlight ?? serversNumber));
        }
        catch (Exception exception)
        {
            call.Dispose();
            if (exception is not (RpcException or OperationCanceledException))
                throw;

            cancellationToken.ThrowIfCancellationRequested();
            if (stop.IsCancellationRequested)
            {
                throw new InspectionFailedException(
                    StatusCode.DeadlineExceeded, "", $"The server did not open the session within {options.OpeningTimeout}.",
                    innerException: exception);
            }

            throw exception is RpcException failure ? RpcFailures.Translate(failure) : exception;
        }
    }

    private static async Task<SessionOpened> ExchangeOpeningAsync(
        AsyncDuplexStreamingCall<InspectStreamRequest, InspectStreamResponse> call,
        InspectStreamRequest opening,
        CancellationToken cancellationToken)
    {
        try
        {
            await call.RequestStream.WriteAsync(opening, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTransport(exception))
        {
            // The call is over already; reading says why.
        }

        if (!await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false))
            throw Breach("ended the session without answering its opening");
        return call.ResponseStream.Current.Opened ?? throw Breach("answered the opening with something else");
    }

    private async Task WriteAllAsync(IAsyncEnumerable<Frame> frames, CancellationToken cancellationToken)
    {
        try
        {
            await foreach (Frame frame in frames.WithCancellation(cancellationToken).ConfigureAwait(false))
                await WriteAsync(frame, cancellationToken).ConfigureAwait(false);
            await CompleteAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // The reading side throws it: it is the one that the caller waits on.
            End(exception);
            _call.Dispose();
        }
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                FrameResult result = _call.ResponseStream.Current.Result ?? throw Breach("answered a frame with something else");
                if (!_unanswered.TryDequeue(out ulong expected))
                    throw Breach($"answered frame {result.FrameId}, which it had answered or never got");
                if (result.FrameId != expected)
                    throw Breach($"answered frame {result.FrameId} where frame {expected} was next");
                _results.Writer.TryWrite(result);
            }

            if (!_unanswered.IsEmpty)
                throw Breach($"ended the session with {_unanswered.Count} frames unanswered");
            if (!_completed)
                throw Breach("ended the session while frames could still come");
            End(null);
        }
        catch (RpcException exception)
        {
            End(RpcFailures.Translate(exception));
        }
        catch (InspectionFailedException exception)
        {
            End(exception);
            _call.Dispose();
        }
    }

    /// <summary>The first cause wins; what follows it is its consequence.</summary>
    private void End(Exception? failure)
    {
        Interlocked.CompareExchange(ref _failure, failure, null);
        _results.Writer.TryComplete(_failure);
        _ended.Cancel();
    }

    private void ThrowIfCompleted()
    {
        if (_completed)
            throw new InvalidOperationException("The session is complete: no frame can follow.");
    }

    /// <summary>What writing throws when a call is over, when its line breaks, and when it ended with a status.</summary>
    private static bool IsOfTransport(Exception exception) => exception is RpcException or IOException or InvalidOperationException;

    /// <summary>
    /// The status that the server ended the call with tells more than what a failed write knows, and may arrive a little
    /// later. A write that failed on this side alone (a frame above the message limit) gets no such status.
    /// </summary>
    private async Task<Exception> WhyEndedAsync(Exception writeFailure)
    {
        await Task.WhenAny(_receiving, Task.Delay(StatusGracePeriod)).ConfigureAwait(false);
        End(writeFailure is RpcException exception
            ? RpcFailures.Translate(exception)
            : new InspectionFailedException(StatusCode.Unavailable, "", $"The session broke: {writeFailure.Message}", innerException: writeFailure));
        _call.Dispose();
        return _failure!;
    }

    private static InspectionFailedException Breach(string what) =>
        new(StatusCode.Internal, "", $"The server {what}.");
}
