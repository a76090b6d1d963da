using System.Buffers;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using YMaskNet.Inference;
using YMaskNet.Server.Hosting;
using YMaskNet.Server.SharedMemory;

namespace YMaskNet.Server.Tests.SharedMemory;

public sealed class LeaseTableTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);

    private readonly FakeTimeProvider _time = new();
    private readonly LeaseTable _leases;

    public LeaseTableTests()
    {
        ServerOptions options = ServerSettings.Read(new ConfigurationBuilder().Build()) with { SharedMemoryBytes = 64 << 10 };
        _leases = new LeaseTable(options, _time, NullLogger<LeaseTable>.Instance);
    }

    public void Dispose() => _leases.Dispose();

    [Fact]
    public void End_SlotsHeld_MemoryStaysUntilTheLastIsReleased()
    {
        Lease lease = _leases.Open(new LeaseSize(4096, 2));
        byte[] id = lease.Id.ToBytes();
        IMemoryOwner<byte> first = _leases.Hold(id, 0);
        IMemoryOwner<byte> second = _leases.Hold(id, 1);

        _leases.End(lease);
        InspectionException refused = Assert.Throws<InspectionException>(() => _leases.Hold(id, 0));
        first.Dispose();
        first.Dispose();
        long whileHeld = _leases.ReservedBytes;
        int readable = second.Memory.Span.Length;
        second.Dispose();

        Assert.Equal((InspectionErrorKind.NotFound, "LEASE_EXPIRED"), (refused.Kind, refused.Reason));
        Assert.Equal((8192, 4096, 0), (whileHeld, readable, _leases.ReservedBytes));
        Assert.Throws<ObjectDisposedException>(() => second.Memory.Span.Length);
    }

    [Fact]
    public void End_Twice_FreesOnce()
    {
        Lease lease = _leases.Open(new LeaseSize(4096, 1));
        _leases.Open(new LeaseSize(4096, 1));

        _leases.End(lease);
        _leases.End(lease);

        Assert.Equal(4096, _leases.ReservedBytes);
    }

    [Fact]
    public async Task HoldAndEnd_FromManyThreads_NeverMemoryThatIsGone()
    {
        for (int round = 0; round < 200; round++)
        {
            Lease lease = _leases.Open(new LeaseSize(4096, 4));
            byte[] id = lease.Id.ToBytes();
            Task[] readers = [.. Enumerable.Range(0, 4).Select(slot => Task.Run(() =>
            {
                try
                {
                    while (true)
                    {
                        using IMemoryOwner<byte> hold = _leases.Hold(id, (uint)slot);

                        // Reading memory that is unmapped would end the process.
                        Assert.True(hold.Memory.Span.IndexOfAnyExcept((byte)0) < 0);
                    }
                }
                catch (InspectionException error)
                {
                    Assert.Equal("LEASE_EXPIRED", error.Reason);
                }
            }))];
            await Task.Yield();

            _leases.End(lease);
            await Task.WhenAll(readers);

            Assert.Equal(0, _leases.ReservedBytes);
        }
    }

    [Fact]
    public void Open_AnyOrderOfLeases_ReservesExactlyWhatStands()
    {
        Random random = new(3);
        List<Lease> standing = [];
        for (int step = 0; step < 2000; step++)
        {
            LeaseSize size = new(4096 * random.Next(1, 4), random.Next(1, 4));
            long left = (64 << 10) - standing.Sum(lease => lease.Size.TotalBytes);
            if (random.Next(2) == 0 && standing.Count > 0)
            {
                int index = random.Next(standing.Count);
                _leases.End(standing[index]);
                standing.RemoveAt(index);
            }
            else if (size.TotalBytes <= left)
            {
                standing.Add(_leases.Open(size));
            }
            else
            {
                Assert.Equal("SHARED_MEMORY_EXHAUSTED", Assert.Throws<InspectionException>(() => _leases.Open(size)).Reason);
            }

            Assert.Equal(standing.Sum(lease => lease.Size.TotalBytes), _leases.ReservedBytes);
        }
    }

    [Fact]
    public async Task Idle_RenewedOrRead_StandsUntilNothingHappensForTheLimit()
    {
        Lease lease = _leases.Open(new LeaseSize(4096, 1));
        Task watch = IdleWatch.WaitAsync(lease, Limit, _time, CancellationToken.None);

        _time.Advance(Limit * 0.9);
        lease.Renew();
        _time.Advance(Limit * 0.9);
        using (_leases.Hold(lease.Id.ToBytes(), 0))
        {
            // However long a frame takes, its lease is not idle.
            _time.Advance(Limit * 5);
            Assert.Equal(TimeSpan.Zero, lease.Idle);
        }

        _time.Advance(Limit * 0.9);
        Assert.Equal(Limit * 0.9, lease.Idle);
        Assert.False(watch.IsCompleted);

        // The watch notices at its next look.
        while (!watch.IsCompleted)
        {
            _time.Advance(Limit);
            await Task.Yield();
        }

        await watch;
    }

    [Fact]
    public async Task Idle_Watch_EndsWhenTold()
    {
        Lease lease = _leases.Open(new LeaseSize(4096, 1));
        using CancellationTokenSource stop = new();
        Task watch = IdleWatch.WaitAsync(lease, Limit, _time, stop.Token);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => watch);
    }
}
