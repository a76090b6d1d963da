using Google.Protobuf;
using Grpc.Core;
using YMaskNet.Server.Hosting;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.SharedMemory;

/// <summary>ymasknet.v1.SharedMemoryService.</summary>
internal sealed class SharedMemoryService(
    LeaseTable leases, ServerOptions options, ServerShutdown shutdown, TimeProvider time, ILogger<SharedMemoryService> log)
    : Wire.SharedMemoryService.SharedMemoryServiceBase
{
    public override async Task Lease(
        IAsyncStreamReader<Wire.LeaseRequest> requestStream,
        IServerStreamWriter<Wire.LeaseResponse> responseStream,
        ServerCallContext context)
    {
        if (!leases.IsOn)
            throw LeaseErrors.Off();
        if (!CameOverUnixSocket(context))
            throw LeaseErrors.UnixSocketRequired();

        Wire.LeaseOpening opening = await ReadOpeningAsync(requestStream, context.CancellationToken);
        LeaseSize size = LeaseSize.Read(opening.SlotBytes, opening.SlotCount);

        // Zeroing gigabytes takes a while.
        Lease lease = await Task.Run(() => leases.Open(size), CancellationToken.None);
        LeaseLog.Opened(log, size.SlotCount, size.SlotBytes, lease.Name);
        try
        {
            await responseStream.WriteAsync(new Wire.LeaseResponse { Opened = Describe(lease) }, context.CancellationToken);
            await KeepAsync(lease, requestStream, context.CancellationToken);
        }
        finally
        {
            // At a shutdown frames that were taken before are still to be read; the table ends their leases after them.
            if (!shutdown.Stopping.IsCancellationRequested)
                leases.End(lease);
            LeaseLog.Ended(log, lease.Name, lease.Frames);
        }
    }

    private static bool CameOverUnixSocket(ServerCallContext context) =>
        context.GetHttpContext().Features.Get<UnixSocketConnection>() is not null;

    private async Task<Wire.LeaseOpening> ReadOpeningAsync(
        IAsyncStreamReader<Wire.LeaseRequest> requests, CancellationToken callerLeft)
    {
        await foreach (Wire.LeaseRequest first in shutdown.ReadUntilStopping(requests, callerLeft))
        {
            return first.Opening ?? throw LeaseErrors.OpeningMissing("The first message of a lease must be its opening.");
        }

        throw shutdown.Stopping.IsCancellationRequested
            ? LeaseErrors.ServerStopping()
            : LeaseErrors.OpeningMissing("The call ended without an opening.");
    }

    private Wire.LeaseOpened Describe(Lease lease) => new()
    {
        LeaseId = UnsafeByteOperations.UnsafeWrap(lease.Id.ToBytes()),
        SlotBytes = (ulong)lease.Size.SlotBytes,
        SlotCount = (uint)lease.Size.SlotCount,
        ProcessId = (uint)Environment.ProcessId,
        FileDescriptor = (uint)lease.FileDescriptor,
        MemoryName = lease.Name,
        IdleLimitMs = (uint)options.SharedMemoryIdleLimit.TotalMilliseconds,
    };

    /// <summary>Reads renewals until the caller ends its side.</summary>
    private async Task KeepAsync(Lease lease, IAsyncStreamReader<Wire.LeaseRequest> requests, CancellationToken callerLeft)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(callerLeft);
        Task idle = IdleWatch.WaitAsync(lease, options.SharedMemoryIdleLimit, time, ended.Token);
        Task reading = ReadRenewalsAsync(lease, requests, ended.Token);
        Task first = await Task.WhenAny(idle, reading);
        await ended.CancelAsync();
        await Task.WhenAll(idle, reading).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        callerLeft.ThrowIfCancellationRequested();
        if (first == idle)
            throw LeaseErrors.Idle(options.SharedMemoryIdleLimit);
        await reading;
        if (shutdown.Stopping.IsCancellationRequested)
            throw LeaseErrors.ServerStopping();
    }

    private async Task ReadRenewalsAsync(Lease lease, IAsyncStreamReader<Wire.LeaseRequest> requests, CancellationToken ended)
    {
        await foreach (Wire.LeaseRequest request in shutdown.ReadUntilStopping(requests, ended))
        {
            switch (request.MessageCase)
            {
                case Wire.LeaseRequest.MessageOneofCase.Renewal:
                    lease.Renew();
                    break;
                case Wire.LeaseRequest.MessageOneofCase.Opening:
                    throw LeaseErrors.OpeningRepeated();
                default:
                    throw LeaseErrors.MessageEmpty();
            }
        }
    }
}
