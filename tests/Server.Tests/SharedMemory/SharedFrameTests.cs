using YMaskNet.Client;

namespace YMaskNet.Server.Tests.SharedMemory;

/// <summary>Frames in leased memory, inspected by the whole server over its Unix socket.</summary>
public sealed class SharedFrameTests(LocalServerFixture fixture) : IClassFixture<LocalServerFixture>
{
    private readonly LocalServer _local = fixture.Local;

    public static TheoryData<Wire.PixelFormat> Formats =>
    [
        Wire.PixelFormat.Mono8, Wire.PixelFormat.Mono10, Wire.PixelFormat.Mono12, Wire.PixelFormat.Mono16,
        Wire.PixelFormat.Rgb8, Wire.PixelFormat.Bgr8, Wire.PixelFormat.BayerRg8,
    ];

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Inspect_EveryFormat_BitForBitAsInTheMessage(Wire.PixelFormat format)
    {
        Wire.RawImage raw = Boards.Raw(format).Raw;
        await using SharedMemoryLease lease = await _local.Client.LeaseSharedMemoryAsync(raw.Data.Length + 64, 2);
        using SharedMemorySlot slot = await lease.RentAsync();
        raw.Data.Span.CopyTo(slot.Span[64..]);
        ImageInput shared = slot.ToImage(format, Boards.Side, Boards.Side, offset: 64);
        ImageInput sent = ImageInput.FromRaw(raw.Data.Memory, format, Boards.Side, Boards.Side);

        Wire.DetectAndSegmentResponse fromMessage = await _local.Client.DetectAndSegmentAsync(sent);
        Wire.DetectAndSegmentResponse fromMemory = await _local.Client.DetectAndSegmentAsync(shared);
        InspectionOptions semantic = new() { Model = TestModels.TinySemantic, IncludeClassMap = true };
        Wire.SegmentResponse mapFromMessage = await _local.Client.SegmentAsync(sent, options: semantic);
        Wire.SegmentResponse mapFromMemory = await _local.Client.SegmentAsync(shared, options: semantic);

        FoundBlobs.Check(fromMemory.Defects);
        fromMessage.Execution = fromMemory.Execution = null;
        mapFromMessage.Execution = mapFromMemory.Execution = null;
        Assert.Equal(fromMessage, fromMemory);
        Assert.Equal(mapFromMessage, mapFromMemory);
    }

    [Fact]
    public async Task Inspect_PaddedRows_AsInTheMessage()
    {
        Wire.RawImage padded = Boards.Padded(stride: 101).Raw;
        await using SharedMemoryLease lease = await _local.Client.LeaseSharedMemoryAsync(padded.Data.Length, 1);
        using SharedMemorySlot slot = await lease.RentAsync();
        padded.Data.Span.CopyTo(slot.Span);

        Wire.DetectResponse answer = await _local.Client.DetectAsync(slot.ToImage(padded.PixelFormat, Boards.Side, Boards.Side, stride: 101));

        FoundBlobs.Check(answer.Defects);
    }

    [Fact]
    public async Task Session_FramesInSlots_AnsweredInOrderAsFramesInMessages()
    {
        const int frames = 40;
        byte[] board = Boards.Mono8.Raw.Data.ToByteArray();
        await using SharedMemoryLease lease = await _local.Client.LeaseSharedMemoryAsync(board.Length, 3);
        await using InspectionSession session = await _local.Client.OpenSessionAsync(new SessionOptions { Task = Wire.Task.Detect });
        System.Collections.Concurrent.ConcurrentQueue<SharedMemorySlot> inHand = new();

        async IAsyncEnumerable<Wire.Frame> FillAsync()
        {
            for (int frame = 0; frame < frames; frame++)
            {
                SharedMemorySlot slot = await lease.RentAsync();

                // Every other board is empty: what a slot held before must not be found again.
                slot.Span.Clear();
                if (frame % 2 == 0)
                    board.CopyTo(slot.Span);
                inHand.Enqueue(slot);
                yield return slot.ToImage(Wire.PixelFormat.Mono8, Boards.Side, Boards.Side).ToFrame((ulong)frame);
            }
        }

        List<Wire.FrameResult> results = [];
        await foreach (Wire.FrameResult result in session.InspectAsync(FillAsync()))
        {
            Assert.True(inHand.TryDequeue(out SharedMemorySlot? slot));
            slot.Dispose();
            results.Add(result);
        }

        Assert.Equal(frames, results.Count);
        Assert.All(results, result => Assert.Equal(
            result.FrameId % 2 == 0 ? Wire.Verdict.Fail : Wire.Verdict.Pass, result.Verdict));
    }

    [Fact]
    public async Task Inspect_OneSlotInManyRequestsAtOnce_EachAnswered()
    {
        await using SharedMemoryLease lease = await _local.Client.LeaseSharedMemoryAsync(Boards.Side * Boards.Side, 1);
        using SharedMemorySlot slot = await lease.RentAsync();
        Boards.Mono8.Raw.Data.Span.CopyTo(slot.Span);
        ImageInput image = slot.ToImage(Wire.PixelFormat.Mono8, Boards.Side, Boards.Side);

        Wire.DetectResponse[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => _local.Client.DetectAsync(image)));

        Assert.All(answers, answer => FoundBlobs.Check(answer.Defects));
    }

    [Fact]
    public async Task Inspect_TwoLeases_EachItsOwnPixels()
    {
        await using SharedMemoryLease board = await _local.Client.LeaseSharedMemoryAsync(Boards.Side * Boards.Side, 1);
        SharedMemoryLease empty = await _local.Client.LeaseSharedMemoryAsync(Boards.Side * Boards.Side, 1);
        using SharedMemorySlot full = await board.RentAsync();
        using SharedMemorySlot blank = await empty.RentAsync();
        Boards.Mono8.Raw.Data.Span.CopyTo(full.Span);

        Wire.DetectResponse onFull = await DetectAsync(full);
        Wire.DetectResponse onBlank = await DetectAsync(blank);
        await empty.DisposeAsync();
        Wire.DetectResponse afterwards = await DetectAsync(full);
        InspectionFailedException ended = await Assert.ThrowsAsync<InspectionFailedException>(() => DetectAsync(blank));

        FoundBlobs.Check(onFull.Defects);
        Assert.Empty(onBlank.Defects);
        FoundBlobs.Check(afterwards.Defects);
        Assert.Equal((StatusCode.NotFound, "LEASE_EXPIRED", "image.shared.lease_id"), (ended.StatusCode, ended.Reason, ended.Field));
    }

    public static TheoryData<Action<Wire.SharedImage>, string, string> BadImages => new()
    {
        { image => image.LeaseId = Google.Protobuf.ByteString.CopyFrom(new byte[16]), "LEASE_EXPIRED", "image.shared.lease_id" },
        { image => image.LeaseId = Google.Protobuf.ByteString.Empty, "LEASE_ID_INVALID", "image.shared.lease_id" },
        { image => image.LeaseId = Google.Protobuf.ByteString.CopyFrom(new byte[17]), "LEASE_ID_INVALID", "image.shared.lease_id" },
        { image => image.Slot = 1, "SLOT_OUT_OF_RANGE", "image.shared.slot" },
        { image => image.Slot = uint.MaxValue, "SLOT_OUT_OF_RANGE", "image.shared.slot" },
        { image => image.Offset = 1, "SHARED_IMAGE_OUT_OF_SLOT", "image.shared.offset" },
        { image => image.Offset = ulong.MaxValue, "SHARED_IMAGE_OUT_OF_SLOT", "image.shared.offset" },
        { image => image.Height = 65, "SHARED_IMAGE_OUT_OF_SLOT", "image.shared.offset" },
        { image => image.Stride = uint.MaxValue, "SHARED_IMAGE_OUT_OF_SLOT", "image.shared.offset" },
        { image => image.Width = uint.MaxValue, "IMAGE_TOO_LARGE", "image.shared.width" },
        { image => image.Stride = 63, "RAW_STRIDE_TOO_SMALL", "image.shared.stride" },
        { image => image.Width = 0, "RAW_DIMENSIONS_OUT_OF_RANGE", "image.shared.width" },
        { image => image.PixelFormat = Wire.PixelFormat.Unspecified, "PIXEL_FORMAT_UNKNOWN", "image.shared.pixel_format" },
        { image => (image.PixelFormat, image.Width, image.Offset) = (Wire.PixelFormat.Mono16, 16, 3), "SHARED_OFFSET_MISALIGNED", "image.shared.offset" },
    };

    [Theory]
    [MemberData(nameof(BadImages))]
    public async Task Inspect_WhatDoesNotFit_ReasonAndField(Action<Wire.SharedImage> spoil, string reason, string field)
    {
        await using SharedMemoryLease lease = await _local.Client.LeaseSharedMemoryAsync(Boards.Side * Boards.Side, 1);
        using SharedMemorySlot slot = await lease.RentAsync();
        Boards.Mono8.Raw.Data.Span.CopyTo(slot.Span);
        Wire.Image good = slot.ToImage(Wire.PixelFormat.Mono8, Boards.Side, Boards.Side).Message;
        Wire.Image bad = good.Clone();
        spoil(bad.Shared);

        Rejection rejection = await Rejection.OfAsync(
            () => _local.Server.Inspection.DetectAsync(new Wire.DetectRequest { Image = bad }).ResponseAsync);
        Wire.DetectResponse after = await _local.Server.Inspection.DetectAsync(new Wire.DetectRequest { Image = good });

        Assert.Equal((reason, field), (rejection.Reason, rejection.Field));
        FoundBlobs.Check(after.Defects);
    }

    [Theory]
    [MemberData(nameof(Formats))]
    public async Task Inspect_PixelsRewrittenMeanwhile_AnsweredOrRefusedAndTheServerGoesOn(Wire.PixelFormat format)
    {
        Wire.RawImage raw = Boards.Raw(format).Raw;
        await using SharedMemoryLease lease = await _local.Client.LeaseSharedMemoryAsync(raw.Data.Length, 1);
        using SharedMemorySlot slot = await lease.RentAsync();
        ImageInput image = slot.ToImage(format, Boards.Side, Boards.Side);
        using CancellationTokenSource stop = new();
        Task writing = Task.Run(() =>
        {
            while (!stop.IsCancellationRequested)
            {
                Random.Shared.NextBytes(slot.Span);
                raw.Data.Span.CopyTo(slot.Span);
            }
        });

        for (int round = 0; round < 200; round++)
        {
            try
            {
                await _local.Client.DetectAndSegmentAsync(image);
            }
            catch (InspectionFailedException error)
            {
                Assert.Equal("SAMPLE_OUT_OF_RANGE", error.Reason);
            }
        }

        await stop.CancelAsync();
        await writing;
        raw.Data.Span.CopyTo(slot.Span);
        FoundBlobs.Check((await _local.Client.DetectAndSegmentAsync(image)).Defects);
    }

    private Task<Wire.DetectResponse> DetectAsync(SharedMemorySlot slot) =>
        _local.Client.DetectAsync(slot.ToImage(Wire.PixelFormat.Mono8, Boards.Side, Boards.Side));
}
