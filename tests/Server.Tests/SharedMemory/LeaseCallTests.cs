using System.Net.Sockets;
using Grpc.Net.Client;
using YMaskNet.Client;
using YMaskNet.Server.SharedMemory;

namespace YMaskNet.Server.Tests.SharedMemory;

/// <summary>Leases over the server's Unix socket: what is granted, what is refused, and how they end.</summary>
public sealed class LeaseCallTests
{
    private const int SlotBytes = 64 * 64;

    [Fact]
    public async Task Lease_SharedMemoryOff_RefusedAndSoAreFramesInIt()
    {
        using TemporaryFolder folder = new();
        string socket = Path.Combine(folder.Path, "s.sock");
        await using TestServer server = await TestServer.StartAsync("--unix-socket", socket);
        using InspectionClient client = InspectionClient.Connect($"unix:{socket}");

        InspectionFailedException lease = await Assert.ThrowsAsync<InspectionFailedException>(() => client.LeaseSharedMemoryAsync(SlotBytes, 1));
        Rejection frame = await Rejection.OfAsync(() => server.Inspection.DetectAsync(
            new Wire.DetectRequest { Image = new Wire.Image { Shared = new Wire.SharedImage() } }).ResponseAsync);

        Assert.Equal((StatusCode.FailedPrecondition, "SHARED_MEMORY_OFF"), (lease.StatusCode, lease.Reason));
        Assert.Equal((StatusCode.FailedPrecondition, "SHARED_MEMORY_OFF", "image.shared"), (frame.Code, frame.Reason, frame.Field));
    }

    [Fact]
    public async Task Lease_OverTcp_Refused()
    {
        await using LocalServer local = await LocalServer.StartAsync();
        using InspectionClient remote = InspectionClient.Connect(local.Server.Address);

        InspectionFailedException error = await Assert.ThrowsAsync<InspectionFailedException>(() => remote.LeaseSharedMemoryAsync(SlotBytes, 1));

        Assert.Equal((StatusCode.FailedPrecondition, "UNIX_SOCKET_REQUIRED"), (error.StatusCode, error.Reason));
    }

    [Fact]
    public async Task Lease_OddSizes_WholePagesAllZero()
    {
        await using LocalServer local = await LocalServer.StartAsync();
        await using SharedMemoryLease lease = await local.Client.LeaseSharedMemoryAsync(Environment.SystemPageSize + 1, 3);

        using SharedMemorySlot first = await lease.RentAsync();
        using SharedMemorySlot second = await lease.RentAsync();

        Assert.Equal((2 * Environment.SystemPageSize, 3), (lease.SlotBytes, lease.SlotCount));
        Assert.Equal(lease.SlotBytes, first.Span.Length);
        Assert.True(first.Span.IndexOfAnyExcept((byte)0) < 0);
        first.Span.Fill(7);
        Assert.True(second.Span.IndexOfAnyExcept((byte)0) < 0);
        Assert.Equal(6 * Environment.SystemPageSize, local.Leases.ReservedBytes);
    }

    [Theory]
    [InlineData(0, 1, "opening.slot_bytes")]
    [InlineData(2147479553, 1, "opening.slot_bytes")]
    [InlineData(ulong.MaxValue, 1, "opening.slot_bytes")]
    [InlineData(1, 0, "opening.slot_count")]
    [InlineData(1, 1025, "opening.slot_count")]
    [InlineData(1, uint.MaxValue, "opening.slot_count")]
    public async Task Lease_SizeOutOfRange_NamesTheField(ulong slotBytes, uint slotCount, string field)
    {
        await using LocalServer local = await LocalServer.StartAsync();
        using LeaseCall call = new(local);
        await call.SendAsync(Opening(slotBytes, slotCount));

        Rejection rejection = await Rejection.OfAsync(call.ReceiveAsync);

        Assert.Equal((StatusCode.InvalidArgument, "LEASE_SIZE_OUT_OF_RANGE", field), (rejection.Code, rejection.Reason, rejection.Field));
    }

    [Fact]
    public async Task Lease_MoreThanIsLeft_RefusedUntilOthersEnd()
    {
        await using LocalServer local = await LocalServer.StartAsync();
        SharedMemoryLease all = await local.Client.LeaseSharedMemoryAsync(LocalServer.MemoryBytes / 2, 2);

        InspectionFailedException error = await Assert.ThrowsAsync<InspectionFailedException>(() => local.Client.LeaseSharedMemoryAsync(1, 1));
        await all.DisposeAsync();
        await local.WaitForFreeMemoryAsync();
        await using SharedMemoryLease again = await local.Client.LeaseSharedMemoryAsync(LocalServer.MemoryBytes / 4, 4);

        Assert.Equal((StatusCode.ResourceExhausted, "SHARED_MEMORY_EXHAUSTED"), (error.StatusCode, error.Reason));
        Assert.Contains("the server has 0 left", error.Message, StringComparison.Ordinal);
        Assert.Equal(LocalServer.MemoryBytes, local.Leases.ReservedBytes);
    }

    [Fact]
    public async Task Lease_MoreLeasesThanAtOnce_Refused()
    {
        using TemporaryFolder folder = new();
        await using TestServer server = await TestServer.StartAsync(
            "--unix-socket", Path.Combine(folder.Path, "s.sock"), "--shared-memory-bytes", $"{1L << 40}");
        using InspectionClient client = InspectionClient.Connect($"unix:{Path.Combine(folder.Path, "s.sock")}");
        List<SharedMemoryLease> leases = [];
        for (int i = 0; i < LeaseTable.MaxLeases; i++)
            leases.Add(await client.LeaseSharedMemoryAsync(1, 1));

        InspectionFailedException error = await Assert.ThrowsAsync<InspectionFailedException>(() => client.LeaseSharedMemoryAsync(1, 1));
        foreach (SharedMemoryLease lease in leases)
            await lease.DisposeAsync();

        Assert.Equal("SHARED_MEMORY_EXHAUSTED", error.Reason);
        Assert.Contains("64 leases", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lease_WrongMessages_EndItWithAReason()
    {
        await using LocalServer local = await LocalServer.StartAsync();

        Assert.Equal("OPENING_MISSING", await EndOfAsync(local));
        Assert.Equal("OPENING_MISSING", await EndOfAsync(local, new Wire.LeaseRequest { Renewal = new Wire.LeaseRenewal() }));
        Assert.Equal("OPENING_REPEATED", await EndOfAsync(local, Opening(1, 1), Opening(1, 1)));
        Assert.Equal("MESSAGE_EMPTY", await EndOfAsync(local, Opening(1, 1), new Wire.LeaseRequest()));
        await local.WaitForFreeMemoryAsync();
    }

    [Fact]
    public async Task Lease_CallerEndsItsSide_EndsWellAndFreesTheMemory()
    {
        await using LocalServer local = await LocalServer.StartAsync();
        using LeaseCall call = new(local);
        await call.SendAsync(Opening(SlotBytes, 2));
        Wire.LeaseOpened opened = (await call.ReceiveAsync())!.Opened;
        string link = $"/proc/{opened.ProcessId}/fd/{opened.FileDescriptor}";
        Assert.Equal($"/memfd:{opened.MemoryName} (deleted)", new FileInfo(link).LinkTarget);

        await call.EndAsync();

        Assert.Null(await call.ReceiveAsync());
        await local.WaitForFreeMemoryAsync();
        Assert.DoesNotContain(opened.MemoryName, await File.ReadAllTextAsync("/proc/self/maps"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Lease_NothingUsesOrRenewsIt_Expires()
    {
        await using LocalServer local = await LocalServer.StartAsync("--shared-memory-idle-seconds", "1");
        using LeaseCall call = new(local);
        await call.SendAsync(Opening(SlotBytes, 1));
        Wire.LeaseOpened opened = (await call.ReceiveAsync())!.Opened;

        Rejection end = await Rejection.OfAsync(call.ReceiveAsync);

        Assert.Equal(1000u, opened.IdleLimitMs);
        Assert.Equal((StatusCode.NotFound, "LEASE_EXPIRED"), (end.Code, end.Reason));
        await local.WaitForFreeMemoryAsync();
    }

    [Fact]
    public async Task Lease_ClientVanishes_MemoryComesBackThoughItIsStillMapped()
    {
        await using LocalServer local = await LocalServer.StartAsync();
        InspectionClient client = local.Connect();
        SharedMemoryLease lease = await client.LeaseSharedMemoryAsync(SlotBytes, 2);
        SharedMemorySlot slot = await lease.RentAsync();
        slot.Span.Fill(1);

        // Closes the connection, as the system does for a process that dies.
        client.Dispose();
        await local.WaitForFreeMemoryAsync();

        Assert.True(slot.Span.IndexOfAnyExcept((byte)0) < 0, "The pages that the client maps are still those that the server leased.");
        await Assert.ThrowsAsync<InspectionFailedException>(async () => await lease.RentAsync());
        slot.Dispose();
        await lease.DisposeAsync();
        Assert.Throws<ObjectDisposedException>(() => slot.Memory.Span.Length);
    }

    [Fact]
    public async Task Lease_ClientResizesTheFile_TheSealRefuses()
    {
        await using LocalServer local = await LocalServer.StartAsync();
        using LeaseCall call = new(local);
        await call.SendAsync(Opening(SlotBytes, 1));
        Wire.LeaseOpened opened = (await call.ReceiveAsync())!.Opened;
        using var file = File.OpenHandle(
            $"/proc/{opened.ProcessId}/fd/{opened.FileDescriptor}", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);

        Assert.ThrowsAny<Exception>(() => RandomAccess.SetLength(file, 0));
        Assert.ThrowsAny<Exception>(() => RandomAccess.SetLength(file, 2 * SlotBytes));

        Assert.Equal(SlotBytes, RandomAccess.GetLength(file));
        RandomAccess.Write(file, Boards.Mono8.Raw.Data.Span, 0);
        Wire.DetectResponse answer = await local.Server.Inspection.DetectAsync(new Wire.DetectRequest { Image = ImageIn(opened) });
        FoundBlobs.Check(answer.Defects);
    }

    [Fact]
    public async Task Lease_EndsWhileFramesAreInHand_TheyAreAnsweredOrRefusedAndNothingIsLost()
    {
        await using LocalServer local = await LocalServer.StartAsync(models => TestModels.WriteSlow(models));
        for (int round = 0; round < 5; round++)
        {
            SharedMemoryLease lease = await local.Client.LeaseSharedMemoryAsync(SlotBytes, 1);
            using SharedMemorySlot slot = await lease.RentAsync();
            Boards.Mono8.Raw.Data.Span.CopyTo(slot.Span);
            ImageInput image = slot.ToImage(Wire.PixelFormat.Mono8, Boards.Side, Boards.Side);

            Task<Wire.DetectResponse>[] calls = [.. Enumerable.Range(0, 4).Select(_ => local.Client.DetectAsync(image))];
            await Task.WhenAny(calls);
            await lease.DisposeAsync();

            foreach (Task<Wire.DetectResponse> call in calls)
            {
                try
                {
                    FoundBlobs.Check((await call).Defects);
                }
                catch (InspectionFailedException error)
                {
                    Assert.Equal("LEASE_EXPIRED", error.Reason);
                }
            }

            await local.WaitForFreeMemoryAsync();
        }
    }

    [Fact]
    public async Task Stop_OpenLease_EndsWithoutHoldingItUpAndFramesInHandAreAnswered()
    {
        await using LocalServer local = await LocalServer.StartAsync(models => TestModels.WriteSlow(models));
        await using SharedMemoryLease lease = await local.Client.LeaseSharedMemoryAsync(SlotBytes, 1);
        using SharedMemorySlot slot = await lease.RentAsync();
        Boards.Mono8.Raw.Data.Span.CopyTo(slot.Span);
        ImageInput image = slot.ToImage(Wire.PixelFormat.Mono8, Boards.Side, Boards.Side);
        await using InspectionSession session = await local.Client.OpenSessionAsync(new SessionOptions { Task = Wire.Task.Detect });
        await session.WriteAsync(image.ToFrame(1));
        await session.WriteAsync(image.ToFrame(2));
        await using IAsyncEnumerator<Wire.FrameResult> results = session.ReadAllAsync().GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync());
        FoundBlobs.Check(results.Current.Defects);

        Task stopping = local.Server.StopAsync();
        Assert.True(await results.MoveNextAsync());
        FoundBlobs.Check(results.Current.Defects);
        await stopping.WaitAsync(TimeSpan.FromSeconds(30));

        InspectionFailedException error = await Assert.ThrowsAsync<InspectionFailedException>(async () => await lease.RentAsync());
        Assert.Equal((StatusCode.Unavailable, "SERVER_STOPPING"), (error.StatusCode, error.Reason));
        Assert.True(lease.Ended.IsCancellationRequested);
    }

    [Fact]
    public async Task Log_ALeasesLife_NeverHoldsItsId()
    {
        await using LocalServer local = await LocalServer.StartAsync();
        using LeaseCall call = new(local);
        await call.SendAsync(Opening(SlotBytes, 1));
        Wire.LeaseOpened opened = (await call.ReceiveAsync())!.Opened;
        Wire.Image bad = ImageIn(opened);
        bad.Shared.Slot = 9;
        await Rejection.OfAsync(() => local.Server.Inspection.DetectAsync(new Wire.DetectRequest { Image = bad }).ResponseAsync);
        await call.EndAsync();
        await call.ReceiveAsync();
        await Rejection.OfAsync(() => local.Server.Inspection.DetectAsync(new Wire.DetectRequest { Image = bad }).ResponseAsync);

        IReadOnlyCollection<LogEntry> entries = local.Server.Log.Entries;
        Assert.Contains(entries, entry => entry.EventId == 1600 && entry.Message.Contains(opened.MemoryName, StringComparison.Ordinal));
        string[] spellings = [opened.LeaseId.ToBase64(), Convert.ToHexString(opened.LeaseId.Span)];
        Assert.DoesNotContain(entries, entry => spellings.Any(
            id => $"{entry.Message} {entry.Exception}".Contains(id, StringComparison.OrdinalIgnoreCase)));
        Assert.DoesNotContain(Convert.ToHexString(opened.LeaseId.Span), opened.MemoryName, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task Lease_OfAServerInAnotherProcess_SameResultsAndItsDeathEndsIt()
    {
        using TemporaryFolder folder = new();
        TestModels.WriteYMaskNet(folder.Path);
        string socket = Path.Combine(folder.Path, "s.sock");
        using ServerRun server = ServerRun.Start(
            "--models", folder.Path, "--address", "http://127.0.0.1:0", "--unix-socket", socket, "--shared-memory-bytes", "65536",
            "--Logging:Console:LogLevel:Default=None");
        await server.ReadLineAsync();
        using InspectionClient client = InspectionClient.Connect($"unix:{socket}");
        await using SharedMemoryLease lease = await client.LeaseSharedMemoryAsync(SlotBytes, 2);
        using SharedMemorySlot slot = await lease.RentAsync();
        Boards.Mono8.Raw.Data.Span.CopyTo(slot.Span);

        Wire.DetectAndSegmentResponse fromMemory = await client.DetectAndSegmentAsync(
            slot.ToImage(Wire.PixelFormat.Mono8, Boards.Side, Boards.Side));
        Wire.DetectAndSegmentResponse fromMessage = await client.DetectAndSegmentAsync(
            ImageInput.FromRaw(Boards.Mono8.Raw.Data.Memory, Wire.PixelFormat.Mono8, Boards.Side, Boards.Side));
        server.Kill();
        TaskCompletionSource ended = new();
        lease.Ended.Register(ended.SetResult);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60));

        fromMemory.Execution = fromMessage.Execution = null;
        Assert.Equal(fromMessage, fromMemory);
        FoundBlobs.Check(fromMemory.Defects);

        // The memory is the client's now: a camera that still writes into it must not bring the process down.
        slot.Span.Fill(1);
        await Assert.ThrowsAsync<InspectionFailedException>(async () => await lease.RentAsync());
    }

    private static async Task<string?> EndOfAsync(LocalServer local, params Wire.LeaseRequest[] requests)
    {
        using LeaseCall call = new(local);
        foreach (Wire.LeaseRequest request in requests)
            await call.SendAsync(request);
        await call.EndAsync();
        return (await Rejection.OfAsync(async () =>
        {
            while (await call.ReceiveAsync() is not null)
            {
            }
        })).Reason;
    }

    private static Wire.LeaseRequest Opening(ulong slotBytes, uint slotCount) =>
        new() { Opening = new Wire.LeaseOpening { SlotBytes = slotBytes, SlotCount = slotCount } };

    private static Wire.Image ImageIn(Wire.LeaseOpened opened) => new()
    {
        Shared = new Wire.SharedImage
        {
            LeaseId = opened.LeaseId, PixelFormat = Wire.PixelFormat.Mono8, Width = Boards.Side, Height = Boards.Side,
        },
    };

    /// <summary>A lease by hand, which renews nothing.</summary>
    private sealed class LeaseCall : IDisposable
    {
        private readonly GrpcChannel _channel;
        private readonly AsyncDuplexStreamingCall<Wire.LeaseRequest, Wire.LeaseResponse> _call;

        public LeaseCall(LocalServer local)
        {
            _channel = GrpcChannel.ForAddress("http://localhost", new GrpcChannelOptions
            {
                HttpHandler = new SocketsHttpHandler
                {
                    ConnectCallback = async (_, cancellationToken) =>
                    {
                        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                        await socket.ConnectAsync(new UnixDomainSocketEndPoint(local.SocketPath), cancellationToken);
                        return new NetworkStream(socket, ownsSocket: true);
                    },
                },
            });
            _call = new Wire.SharedMemoryService.SharedMemoryServiceClient(_channel).Lease();
        }

        public Task SendAsync(Wire.LeaseRequest request) => _call.RequestStream.WriteAsync(request);

        public Task EndAsync() => _call.RequestStream.CompleteAsync();

        public async Task<Wire.LeaseResponse?> ReceiveAsync() =>
            await _call.ResponseStream.MoveNext(CancellationToken.None) ? _call.ResponseStream.Current : null;

        public void Dispose()
        {
            _call.Dispose();
            _channel.Dispose();
        }
    }
}
