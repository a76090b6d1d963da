using System.Diagnostics;
using Grpc.Core;
using YMaskNet.Client.Tests.Support;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Retries;

/// <summary>Calls that a server refuses at first.</summary>
public class RetryTests
{
    private static readonly InspectionClientOptions Quick = new() { Retry = new RetryOptions { FirstDelay = TimeSpan.FromMilliseconds(1) } };
    private static readonly ImageInput Image = ImageInput.FromBytes(new byte[1]);

    [Fact]
    public async Task DetectAsync_UnavailableAtFirst_AnsweredInTheEnd()
    {
        int calls = 0;
        await using ScriptedServer server = await StartAsync(() => ++calls < 4 ? RpcErrors.Create(StatusCode.Unavailable, "SERVER_STOPPING", "stops") : null);
        using InspectionClient client = InspectionClient.Connect(server.Address, Quick);

        await client.DetectAsync(Image);

        Assert.Equal(4, calls);
    }

    [Fact]
    public async Task DetectAsync_UnavailableAlways_FailsAfterTheLastTry()
    {
        int calls = 0;
        await using ScriptedServer server = await StartAsync(() =>
        {
            calls++;
            return RpcErrors.Create(StatusCode.Unavailable, "SERVER_STOPPING", "stops");
        });
        using InspectionClient client = InspectionClient.Connect(server.Address, Quick);

        InspectionFailedException failure = await Assert.ThrowsAsync<InspectionFailedException>(() => client.DetectAsync(Image));

        Assert.Equal((4, "SERVER_STOPPING", true), (calls, failure.Reason, failure.IsRetryable));
    }

    [Fact]
    public async Task DetectAsync_FullAndSaysWhenToComeAgain_ComesNoSooner()
    {
        TimeSpan asked = TimeSpan.FromMilliseconds(300);
        List<long> times = [];
        await using ScriptedServer server = await StartAsync(() =>
        {
            times.Add(Stopwatch.GetTimestamp());
            return times.Count == 1 ? RpcErrors.Create(StatusCode.ResourceExhausted, "QUEUE_FULL", "full", retryDelay: asked) : null;
        });
        using InspectionClient client = InspectionClient.Connect(server.Address, Quick);

        await client.DetectAsync(Image);

        // Timers may fire a few milliseconds early.
        Assert.InRange(Stopwatch.GetElapsedTime(times[0], times[1]), asked - TimeSpan.FromMilliseconds(20), TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE")]
    [InlineData(StatusCode.InvalidArgument, "IMAGE_TRUNCATED")]
    public async Task DetectAsync_WhatWouldFailAgain_IsCalledOnce(StatusCode code, string reason)
    {
        int calls = 0;
        await using ScriptedServer server = await StartAsync(() =>
        {
            calls++;
            return RpcErrors.Create(code, reason, "no");
        });
        using InspectionClient client = InspectionClient.Connect(server.Address, Quick);

        InspectionFailedException failure = await Assert.ThrowsAsync<InspectionFailedException>(() => client.DetectAsync(Image));

        Assert.Equal((1, reason, false, null), (calls, failure.Reason, failure.IsRetryable, failure.RetryDelay));
    }

    [Fact]
    public async Task DetectAsync_NoRetries_IsCalledOnceAndTellsTheDelay()
    {
        int calls = 0;
        await using ScriptedServer server = await StartAsync(() =>
        {
            calls++;
            return RpcErrors.Create(StatusCode.ResourceExhausted, "QUEUE_FULL", "full", retryDelay: TimeSpan.FromSeconds(2));
        });
        using InspectionClient client = InspectionClient.Connect(server.Address, new InspectionClientOptions { Retry = RetryOptions.None });

        InspectionFailedException failure = await Assert.ThrowsAsync<InspectionFailedException>(() => client.DetectAsync(Image));

        Assert.Equal((1, TimeSpan.FromSeconds(2)), (calls, failure.RetryDelay));
    }

    [Fact]
    public async Task DetectAsync_Timeout_IsThatOfAllTriesTogether()
    {
        List<DateTime> deadlines = [];
        ScriptedInspection inspection = new()
        {
            OnDetect = (_, context) =>
            {
                deadlines.Add(context.Deadline);
                throw RpcErrors.Create(StatusCode.Unavailable, "SERVER_STOPPING", "stops");
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        using InspectionClient client = InspectionClient.Connect(server.Address, Quick with { CallTimeout = TimeSpan.FromDays(1) });

        await Assert.ThrowsAsync<InspectionFailedException>(
            () => client.DetectAsync(Image, new InspectionOptions { Timeout = TimeSpan.FromMinutes(2) }));

        // The transport counts what is left in milliseconds.
        Assert.Equal(4, deadlines.Count);
        Assert.All(deadlines, deadline => Assert.InRange(deadline - deadlines[0], TimeSpan.FromSeconds(-0.5), TimeSpan.FromSeconds(0.5)));
        Assert.InRange(deadlines[0] - DateTime.UtcNow, TimeSpan.FromMinutes(1), TimeSpan.FromMinutes(2));
    }

    [Fact]
    public async Task DetectAsync_CancelledWhileItWaits_ThrowsCancellation()
    {
        using CancellationTokenSource cancellation = new();
        await using ScriptedServer server = await StartAsync(() =>
        {
            cancellation.CancelAfter(TimeSpan.FromMilliseconds(100));
            return RpcErrors.Create(StatusCode.ResourceExhausted, "QUEUE_FULL", "full", retryDelay: TimeSpan.FromSeconds(25));
        });
        using InspectionClient client = InspectionClient.Connect(server.Address);

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => client.DetectAsync(Image, cancellationToken: cancellation.Token).WaitAsync(TimeSpan.FromSeconds(20)));
    }

    [Fact]
    public async Task OpenSessionAsync_UnavailableAtFirst_StandsInTheEndAndIsNotRepeatedThen()
    {
        int calls = 0;
        ScriptedInspection inspection = new()
        {
            OnStream = async (requests, responses, _) =>
            {
                if (++calls == 1)
                    throw RpcErrors.Create(StatusCode.Unavailable, "SERVER_STOPPING", "stops");
                await requests.MoveNext(CancellationToken.None);
                await responses.WriteAsync(new InspectStreamResponse { Opened = new SessionOpened { MaxFramesInFlight = 2 } });
                throw RpcErrors.Create(StatusCode.Unavailable, "SERVER_STOPPING", "stops");
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        using InspectionClient client = InspectionClient.Connect(server.Address, Quick);

        await using InspectionSession session = await client.OpenSessionAsync(new SessionOptions { Task = WireTask.Detect });
        InspectionFailedException failure = await Assert.ThrowsAsync<InspectionFailedException>(async () => await session.ReadAllAsync().CountAsync());

        Assert.Equal((2, "SERVER_STOPPING"), (calls, failure.Reason));
    }

    [Fact]
    public async Task InspectStreamAsync_FramesToResults_InOrderAndTheSessionEnds()
    {
        TaskCompletionSource ended = new();
        ScriptedInspection inspection = new()
        {
            OnStream = async (requests, responses, _) =>
            {
                await requests.MoveNext(CancellationToken.None);
                await responses.WriteAsync(new InspectStreamResponse { Opened = new SessionOpened { MaxFramesInFlight = 2 } });
                while (await requests.MoveNext(CancellationToken.None))
                    await responses.WriteAsync(new InspectStreamResponse { Result = new FrameResult { FrameId = requests.Current.Frame.FrameId } });
                ended.SetResult();
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(inspection);
        using InspectionClient client = InspectionClient.Connect(server.Address, Quick);
        IAsyncEnumerable<Frame> frames = AsyncEnumerable.Range(0, 20).Select(id => Image.ToFrame((ulong)id));

        ulong[] ids = await client.InspectStreamAsync(frames, new SessionOptions { Task = WireTask.Detect }).Select(result => result.FrameId).ToArrayAsync();

        Assert.Equal(Enumerable.Range(0, 20).Select(id => (ulong)id), ids);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(30));
    }

    [Theory]
    [InlineData(true, 2)]
    [InlineData(false, 1)]
    public async Task InspectBoardAsync_UnavailableAtFirst_SentAgainWhereItCanBe(bool canBeReadAgain, int expectedCalls)
    {
        int calls = 0;
        ScriptedBoards boards = new()
        {
            OnBoard = async (requests, _) =>
            {
                List<InspectBoardRequest> messages = await ScriptedBoards.ReadAllAsync(requests);
                Assert.Equal(100, messages.Skip(1).Sum(message => message.Rows.Length));
                return ++calls == 1 ? throw RpcErrors.Create(StatusCode.Unavailable, "SERVER_STOPPING", "stops") : new InspectBoardResponse();
            },
        };
        await using ScriptedServer server = await ScriptedServer.StartAsync(new ScriptedInspection(), boards: boards);
        using InspectionClient client = InspectionClient.Connect(server.Address, Quick);
        using MemoryStream rows = new(new byte[100]);
        BoardInput board = canBeReadAgain
            ? BoardInput.FromPixels(new byte[100], 10, 10, PixelFormat.Mono8)
            : BoardInput.FromRowStream(rows, 10, 10, PixelFormat.Mono8);

        Task<InspectBoardResponse> call = client.InspectBoardAsync(board, new BoardOptions { Task = WireTask.Detect });

        if (canBeReadAgain)
            await call;
        else
            Assert.Equal("SERVER_STOPPING", (await Assert.ThrowsAsync<InspectionFailedException>(() => call)).Reason);
        Assert.Equal(expectedCalls, calls);
    }

    private static Task<ScriptedServer> StartAsync(Func<RpcException?> failure) => ScriptedServer.StartAsync(new ScriptedInspection
    {
        OnDetect = (_, _) => failure() is { } refused ? throw refused : Task.FromResult(new DetectResponse()),
    });
}
