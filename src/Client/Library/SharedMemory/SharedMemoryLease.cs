using System.Threading.Channels;
using Google.Protobuf;
using Grpc.Core;
using YMaskNet.V1;
using Task = System.Threading.Tasks.Task;

namespace YMaskNet.Client;

/// <summary>
/// Memory of the server in which a client on the same host puts images, instead of sending them. It is divided into slots,
/// each for an image at a time. The lease is renewed by itself, and ends with <see cref="DisposeAsync"/>, with the client's
/// process, or with the server.
/// </summary>
/// <remarks>Safe for calls from many threads at once.</remarks>
public sealed class SharedMemoryLease : IAsyncDisposable
{
    // Three chances before the server's limit.
    private const int RenewalsPerIdleLimit = 3;
    private static readonly TimeSpan ClosingPatience = TimeSpan.FromSeconds(5);

    private readonly AsyncDuplexStreamingCall<LeaseRequest, LeaseResponse> _call;
    private readonly MappedMemory _memory;
    private readonly Channel<int> _free;
    private readonly CancellationTokenSource _ended = new();
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _receiving;
    private readonly Task _renewing;
    private int _isDisposed;

    private SharedMemoryLease(AsyncDuplexStreamingCall<LeaseRequest, LeaseResponse> call, LeaseOpened opened, MappedMemory memory)
    {
        _call = call;
        _memory = memory;
        Id = opened.LeaseId;
        SlotBytes = checked((int)opened.SlotBytes);
        SlotCount = checked((int)opened.SlotCount);
        _free = Channel.CreateUnbounded<int>();
        for (int slot = 0; slot < SlotCount; slot++)
            _free.Writer.TryWrite(slot);
        Ended = _ended.Token;
        _receiving = ReceiveAsync();
        _renewing = RenewAsync(TimeSpan.FromMilliseconds(Math.Max(1, opened.IdleLimitMs / RenewalsPerIdleLimit)));
    }

    /// <summary>Size of a slot: what was asked for, rounded up to whole pages. Unit: bytes.</summary>
    public int SlotBytes { get; }

    /// <summary>Number of slots.</summary>
    public int SlotCount { get; }

    /// <summary>Cancelled when the lease has ended, for whatever reason: images in it are refused from then on.</summary>
    public CancellationToken Ended { get; }

    /// <summary>The right to use the lease; not for logs.</summary>
    internal ByteString Id { get; }

    /// <summary>Takes a slot, as soon as one is free. Dispose of it when the answers to its images have come.</summary>
    /// <exception cref="InspectionFailedException">The lease has ended.</exception>
    /// <exception cref="ObjectDisposedException">The lease has been disposed of.</exception>
    public async ValueTask<SharedMemorySlot> RentAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        try
        {
            int index = await _free.Reader.ReadAsync(cancellationToken).ConfigureAwait(false);
            return new SharedMemorySlot(this, index, new SlotMemory(_memory, (long)index * SlotBytes, SlotBytes));
        }
        catch (ChannelClosedException exception)
        {
            ThrowIfDisposed();
            throw exception.InnerException is InspectionFailedException failure ? failure : Failure("The lease has ended.");
        }
    }

    /// <summary>
    /// Ends the lease; returns when the server has ended it too. Slots that are still taken can be written until they are
    /// disposed of, but nothing reads them any more.
    /// </summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) != 0)
            return;

        await _closing.CancelAsync().ConfigureAwait(false);
        await _renewing.ConfigureAwait(false);
        try
        {
            await _call.RequestStream.CompleteAsync().ConfigureAwait(false);
            await _receiving.WaitAsync(ClosingPatience).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTransport(exception) || exception is TimeoutException)
        {
            // The call is over already, or is cancelled now; either way the lease ends.
        }

        _call.Dispose();
        await _receiving.ConfigureAwait(false);
        _memory.Dispose();
    }

    internal static async Task<SharedMemoryLease> OpenAsync(
        SharedMemoryService.SharedMemoryServiceClient service, long slotBytes, int slotCount, CallOptions callOptions)
    {
        CancellationToken cancellationToken = callOptions.CancellationToken;
        ArgumentOutOfRangeException.ThrowIfLessThan(slotBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(slotCount, 1);
        LeaseRequest opening = new() { Opening = new LeaseOpening { SlotBytes = (ulong)slotBytes, SlotCount = (uint)slotCount } };
        AsyncDuplexStreamingCall<LeaseRequest, LeaseResponse> call = service.Lease(new CallOptions(callOptions.Headers));
        try
        {
            LeaseOpened opened = await ExchangeOpeningAsync(call, opening, cancellationToken).ConfigureAwait(false);
            return new SharedMemoryLease(call, opened, MappedMemory.Open(opened));
        }
        catch (RpcException exception)
        {
            call.Dispose();
            throw RpcFailures.Translate(exception, cancellationToken);
        }
        catch
        {
            call.Dispose();
            throw;
        }
    }

    /// <summary>A slot has been given back.</summary>
    internal void Return(int index) => _free.Writer.TryWrite(index);

    private static async Task<LeaseOpened> ExchangeOpeningAsync(
        AsyncDuplexStreamingCall<LeaseRequest, LeaseResponse> call, LeaseRequest opening, CancellationToken cancellationToken)
    {
        try
        {
            await call.RequestStream.WriteAsync(opening, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (IsOfTransport(exception))
        {
            // The call is over already; reading says why.
        }

        return await call.ResponseStream.MoveNext(cancellationToken).ConfigureAwait(false)
            ? call.ResponseStream.Current.Opened ?? throw Failure("The server answered the lease's opening with something else.")
            : throw Failure("The server ended the lease without answering its opening.");
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (await _call.ResponseStream.MoveNext(CancellationToken.None).ConfigureAwait(false))
            {
                // Later servers may say more than this client understands.
            }

            End(Failure("The server ended the lease."));
        }
        catch (RpcException exception)
        {
            End(RpcFailures.Translate(exception));
        }
    }

    private async Task RenewAsync(TimeSpan interval)
    {
        try
        {
            while (true)
            {
                await Task.Delay(interval, _closing.Token).ConfigureAwait(false);
                await _call.RequestStream.WriteAsync(new LeaseRequest { Renewal = new LeaseRenewal() }, Ended).ConfigureAwait(false);
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException || IsOfTransport(exception))
        {
            // Disposed of, or the call is over; receiving tells why.
        }
    }

    private void End(InspectionFailedException failure)
    {
        _free.Writer.TryComplete(failure);

        // What is free must not be given out any more.
        while (_free.Reader.TryRead(out _))
        {
        }

        _ended.Cancel();
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(Volatile.Read(ref _isDisposed) != 0, this);

    private static bool IsOfTransport(Exception exception) => exception is RpcException or IOException or InvalidOperationException;

    private static InspectionFailedException Failure(string message) => new(StatusCode.Unavailable, "", message);
}
