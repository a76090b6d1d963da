using System.Runtime.CompilerServices;
using Grpc.Core;
using YMaskNet.Client.Tests.Support;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Sessions;

public class InspectionSessionTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly SessionOptions Detect = new() { Task = WireTask.Detect };

    [Fact]
    public async Task InspectAsync_AllFrames_AreAnsweredInOrder()
    {
        SessionOpening? opening = null;
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, _) =>
        {
            opening = await OpenAsync(requests, responses, maxFramesInFlight: 4);
            await foreach (InspectStreamRequest request in requests.ReadAllAsync())
                await AnswerAsync(responses, request.Frame.FrameId);
        });
        SessionOptions options = new()
        {
            Task = WireTask.DetectAndSegment,
            Inspection = new InspectionOptions { Model = "boards", MinScore = 0.25f, MaskFormat = MaskFormat.Polygon },
        };

        await using InspectionSession session = await fixture.Client.OpenSessionAsync(options);
        ulong[] answered = await session.InspectAsync(Frames(100)).Select(result => result.FrameId).ToArrayAsync().AsTask().WaitAsync(Patience);

        Assert.Equal(Enumerable.Range(0, 100).Select(id => (ulong)id), answered);
        Assert.Equal("boards", session.Model.Name);
        Assert.Equal((WireTask.DetectAndSegment, "boards", MaskFormat.Polygon), (opening!.Task, opening.Model, opening.MaskFormat));
        Assert.Equal(0.25f, opening.Options.MinScore);
    }

    [Fact]
    public async Task OpenSessionAsync_PolicyPriorityRecipe_ReachTheServer()
    {
        SessionOpening? opening = null;
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, _) =>
        {
            await requests.MoveNext();
            opening = requests.Current.Opening;
            await responses.WriteAsync(new InspectStreamResponse
            {
                Opened = new SessionOpened
                {
                    Model = Answers.Reference,
                    MaxFramesInFlight = 40,
                    ServerTime = Google.Protobuf.WellKnownTypes.Timestamp.FromDateTime(new DateTime(2030, 1, 2, 3, 4, 5, DateTimeKind.Utc)),
                },
            });
        });
        Recipe recipe = new() { DefaultRule = new ClassRule { MinAreaPixels = 12 } };

        await using InspectionSession session = await fixture.Client.OpenSessionAsync(Detect with
        {
            FramePolicy = FramePolicy.DropOldest,
            Priority = Priority.High,
            Recipe = recipe,
        });

        Assert.Equal((FramePolicy.DropOldest, Priority.High, recipe), (opening!.FramePolicy, opening.Priority, opening.Recipe));
        Assert.False(opening.HasMaxFramesInFlight);
        Assert.Equal(40, session.MaxFramesInFlight);
        Assert.Equal(new DateTimeOffset(2030, 1, 2, 3, 4, 5, TimeSpan.Zero), session.ServerTime);
    }

    [Theory]
    [InlineData(3u, 8, 3)]
    [InlineData(20u, 5, 5)]
    [InlineData(0u, 5, 1)]
    public async Task WriteAsync_FramesInFlight_AreBoundedByTheLowerNumber(uint serversNumber, int callersNumber, int expected)
    {
        TaskCompletionSource goOn = new();
        int received = 0;
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, _) =>
        {
            await OpenAsync(requests, responses, serversNumber);
            List<ulong> frames = [];
            while (frames.Count < expected && await requests.MoveNext())
            {
                frames.Add(requests.Current.Frame.FrameId);
                Interlocked.Increment(ref received);
            }

            await goOn.Task;
            foreach (ulong frame in frames)
                await AnswerAsync(responses, frame);
            await foreach (InspectStreamRequest request in requests.ReadAllAsync())
                await AnswerAsync(responses, request.Frame.FrameId);
        });

        await using InspectionSession session = await fixture.Client.OpenSessionAsync(Detect with { MaxFramesInFlight = callersNumber });
        Assert.Equal(expected, session.MaxFramesInFlight);
        for (ulong id = 0; id < (ulong)expected; id++)
            await session.WriteAsync(NewFrame(id)).WaitAsync(Patience);
        Task oneTooMany = session.WriteAsync(NewFrame((ulong)expected));
        await Task.Delay(200);
        Assert.False(oneTooMany.IsCompleted);

        // Answers alone do not make room: results that nobody has taken take memory too.
        goOn.SetResult();
        await Task.Delay(200);
        Assert.False(oneTooMany.IsCompleted);

        await using IAsyncEnumerator<FrameResult> results = session.ReadAllAsync().GetAsyncEnumerator();
        Assert.True(await results.MoveNextAsync().AsTask().WaitAsync(Patience));
        await oneTooMany.WaitAsync(Patience);
        await session.CompleteAsync();
        for (int i = 0; i < expected; i++)
            Assert.True(await results.MoveNextAsync().AsTask().WaitAsync(Patience));
        Assert.False(await results.MoveNextAsync().AsTask().WaitAsync(Patience));
        Assert.Equal(expected, received);
    }

    [Fact]
    public async Task InspectAsync_FrameWithAnError_DoesNotEndTheSession()
    {
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, _) =>
        {
            await OpenAsync(requests, responses);
            await foreach (InspectStreamRequest request in requests.ReadAllAsync())
            {
                FrameResult result = new() { FrameId = request.Frame.FrameId, Verdict = Verdict.Pass };
                if (request.Frame.FrameId == 1)
                {
                    result.Verdict = Verdict.Error;
                    result.Error = new FrameError
                    {
                        Code = (int)StatusCode.InvalidArgument,
                        Reason = "IMAGE_DAMAGED",
                        Message = "bad",
                        Metadata = { ["field"] = "frame.image.encoded" },
                    };
                }

                await responses.WriteAsync(new InspectStreamResponse { Result = result });
            }
        });

        await using InspectionSession session = await fixture.Client.OpenSessionAsync(Detect);
        List<FrameResult> results = await session.InspectAsync(Frames(3)).ToListAsync().AsTask().WaitAsync(Patience);

        Assert.Equal([Verdict.Pass, Verdict.Error, Verdict.Pass], results.Select(result => result.Verdict));
        InspectionFailedException error = InspectionFailedException.FromFrame(results[1].Error);
        Assert.Equal((StatusCode.InvalidArgument, "IMAGE_DAMAGED", "frame.image.encoded"), (error.StatusCode, error.Reason, error.Field));
    }

    [Fact]
    public async Task OpenSessionAsync_RefusedOpening_TellsWhy()
    {
        await using Fixture fixture = await Fixture.StartAsync((_, _, _) =>
            throw RpcErrors.Create(StatusCode.FailedPrecondition, "TASK_NOT_SUPPORTED", "can't", "opening.task"));

        InspectionFailedException exception = await Assert.ThrowsAsync<InspectionFailedException>(
            () => fixture.Client.OpenSessionAsync(Detect).WaitAsync(Patience));

        Assert.Equal((StatusCode.FailedPrecondition, "TASK_NOT_SUPPORTED", "opening.task"), (exception.StatusCode, exception.Reason, exception.Field));
    }

    [Fact]
    public async Task OpenSessionAsync_SilentServer_TimesOut()
    {
        await using Fixture fixture = await Fixture.StartAsync(
            (_, _, context) => Task.Delay(Timeout.Infinite, context.CancellationToken));

        InspectionFailedException exception = await Assert.ThrowsAsync<InspectionFailedException>(
            () => fixture.Client.OpenSessionAsync(Detect with { OpeningTimeout = TimeSpan.FromMilliseconds(200) }).WaitAsync(Patience));

        Assert.Equal(StatusCode.DeadlineExceeded, exception.StatusCode);
    }

    [Fact]
    public async Task OpenSessionAsync_Cancelled_Throws()
    {
        await using Fixture fixture = await Fixture.StartAsync(
            (_, _, context) => Task.Delay(Timeout.Infinite, context.CancellationToken));
        using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(200));

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => fixture.Client.OpenSessionAsync(Detect, cancellation.Token).WaitAsync(Patience));
    }

    [Fact]
    public async Task OpenSessionAsync_NobodyListens_IsUnavailable()
    {
        Fixture fixture = await Fixture.StartAsync((_, _, _) => Task.CompletedTask);
        await fixture.Server.DisposeAsync();

        InspectionFailedException exception = await Assert.ThrowsAsync<InspectionFailedException>(
            () => fixture.Client.OpenSessionAsync(Detect).WaitAsync(Patience));

        Assert.Equal(StatusCode.Unavailable, exception.StatusCode);
        fixture.Client.Dispose();
    }

    [Fact]
    public async Task InspectAsync_LineCut_FailsAfterTheResultsThatHadCome()
    {
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, context) =>
        {
            await OpenAsync(requests, responses);
            await requests.MoveNext();
            await AnswerAsync(responses, requests.Current.Frame.FrameId);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        });
        await using TcpRelay relay = new(fixture.Server.Address);
        using InspectionClient client = InspectionClient.Connect(relay.Address);

        await using InspectionSession session = await client.OpenSessionAsync(Detect);
        List<ulong> answered = [];
        async Task InspectAsync()
        {
            await foreach (FrameResult result in session.InspectAsync(EndlessFrames()))
            {
                answered.Add(result.FrameId);
                relay.Cut();
            }
        }

        await Assert.ThrowsAsync<InspectionFailedException>(() => InspectAsync().WaitAsync(Patience));
        Assert.Equal([0], answered);
        await Assert.ThrowsAsync<InspectionFailedException>(() => session.WriteAsync(NewFrame(1)).WaitAsync(Patience));
    }

    [Fact]
    public async Task InspectAsync_ServerEndsWithAStatus_TellsItToReaderAndWriter()
    {
        TaskCompletionSource isWritten = new();
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, _) =>
        {
            await OpenAsync(requests, responses);
            await requests.MoveNext();

            // A frame's writing may end after its reading.
            await isWritten.Task;
            throw RpcErrors.Create(StatusCode.Unavailable, "SERVER_STOPPING", "bye");
        });

        await using InspectionSession session = await fixture.Client.OpenSessionAsync(Detect with { MaxFramesInFlight = 1 });
        await session.WriteAsync(NewFrame(0));
        Task waitingForAPlace = session.WriteAsync(NewFrame(1));
        isWritten.SetResult();

        InspectionFailedException reader = await Assert.ThrowsAsync<InspectionFailedException>(
            () => session.ReadAllAsync().ToListAsync().AsTask().WaitAsync(Patience));
        InspectionFailedException writer = await Assert.ThrowsAsync<InspectionFailedException>(() => waitingForAPlace.WaitAsync(Patience));

        Assert.Equal((StatusCode.Unavailable, "SERVER_STOPPING"), (reader.StatusCode, reader.Reason));
        Assert.Equal("SERVER_STOPPING", writer.Reason);
    }

    [Theory]
    [InlineData("unanswered")]
    [InlineData("swapped")]
    [InlineData("twice")]
    [InlineData("early end")]
    public async Task InspectAsync_ServerBreaksTheContract_Fails(string breach)
    {
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, _) =>
        {
            await OpenAsync(requests, responses);
            if (breach == "early end")
                return;
            await requests.MoveNext();
            await requests.MoveNext();
            ulong[] ids = breach switch
            {
                "unanswered" => [0],
                "swapped" => [1, 0],
                _ => [0, 0],
            };
            foreach (ulong id in ids)
                await AnswerAsync(responses, id);
        });

        await using InspectionSession session = await fixture.Client.OpenSessionAsync(Detect);
        Task<List<FrameResult>> inspecting = session.InspectAsync(breach == "early end" ? NoFrameForNow() : Frames(2)).ToListAsync().AsTask();

        InspectionFailedException exception = await Assert.ThrowsAsync<InspectionFailedException>(() => inspecting.WaitAsync(Patience));
        Assert.Equal(StatusCode.Internal, exception.StatusCode);
    }

    [Fact]
    public async Task InspectAsync_SourceOfFramesThrows_SoDoesTheInspection()
    {
        TaskCompletionSource serverSawCancellation = new();
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, context) =>
        {
            context.CancellationToken.Register(serverSawCancellation.SetResult);
            await OpenAsync(requests, responses);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        });
        static async IAsyncEnumerable<Frame> BrokenCamera()
        {
            yield return NewFrame(0);
            await Task.Yield();
            throw new TimeoutException("camera");
        }

        await using InspectionSession session = await fixture.Client.OpenSessionAsync(Detect);

        TimeoutException exception = await Assert.ThrowsAsync<TimeoutException>(
            () => session.InspectAsync(BrokenCamera()).ToListAsync().AsTask().WaitAsync(Patience));
        Assert.Equal("camera", exception.Message);
        await serverSawCancellation.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task InspectAsync_Cancelled_StopsBothSides()
    {
        TaskCompletionSource serverSawCancellation = new();
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, context) =>
        {
            context.CancellationToken.Register(serverSawCancellation.SetResult);
            await OpenAsync(requests, responses);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        });
        using CancellationTokenSource cancellation = new(TimeSpan.FromMilliseconds(300));

        await using (InspectionSession session = await fixture.Client.OpenSessionAsync(Detect))
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(
                () => session.InspectAsync(EndlessFrames(), cancellation.Token).ToListAsync().AsTask().WaitAsync(Patience));
        }

        await serverSawCancellation.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task InspectAsync_CallerStopsEarly_LeavesNothingRunning()
    {
        TaskCompletionSource serverSawCancellation = new();
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, context) =>
        {
            context.CancellationToken.Register(serverSawCancellation.SetResult);
            await OpenAsync(requests, responses);
            await foreach (InspectStreamRequest request in requests.ReadAllAsync())
                await AnswerAsync(responses, request.Frame.FrameId);
        });

        await using (InspectionSession session = await fixture.Client.OpenSessionAsync(Detect))
        {
            async Task TakeOneAsync()
            {
                await foreach (FrameResult result in session.InspectAsync(EndlessFrames()))
                {
                    Assert.Equal(0ul, result.FrameId);
                    break;
                }
            }

            await TakeOneAsync().WaitAsync(Patience);
        }

        await serverSawCancellation.Task.WaitAsync(Patience);
    }

    [Fact]
    public async Task WriteAsync_AfterCompletion_Throws()
    {
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, context) =>
        {
            await OpenAsync(requests, responses);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        });

        await using InspectionSession session = await fixture.Client.OpenSessionAsync(Detect);
        await session.CompleteAsync();

        await Assert.ThrowsAsync<InvalidOperationException>(() => session.WriteAsync(NewFrame(0)).WaitAsync(Patience));
    }

    [Fact]
    public async Task WriteAsync_FrameAboveTheLimit_Fails()
    {
        await using Fixture fixture = await Fixture.StartAsync(async (requests, responses, context) =>
        {
            await OpenAsync(requests, responses);
            await Task.Delay(Timeout.Infinite, context.CancellationToken);
        });
        using InspectionClient client = InspectionClient.Connect(
            fixture.Server.Address, new InspectionClientOptions { MaxMessageBytes = 1000 });

        await using InspectionSession session = await client.OpenSessionAsync(Detect);
        InspectionFailedException exception = await Assert.ThrowsAsync<InspectionFailedException>(
            () => session.WriteAsync(ImageInput.FromBytes(new byte[1001]).ToFrame(0)).WaitAsync(Patience));

        Assert.Equal(StatusCode.ResourceExhausted, exception.StatusCode);
    }

    private static async Task<SessionOpening> OpenAsync(
        IAsyncStreamReader<InspectStreamRequest> requests, IServerStreamWriter<InspectStreamResponse> responses, uint maxFramesInFlight = 8)
    {
        Assert.True(await requests.MoveNext());
        await responses.WriteAsync(new InspectStreamResponse
        {
            Opened = new SessionOpened { Model = Answers.Reference, MaxFramesInFlight = maxFramesInFlight },
        });
        return requests.Current.Opening;
    }

    private static Task AnswerAsync(IServerStreamWriter<InspectStreamResponse> responses, ulong frameId) =>
        responses.WriteAsync(new InspectStreamResponse { Result = new FrameResult { FrameId = frameId, Verdict = Verdict.Pass } });

    private static Frame NewFrame(ulong id) => ImageInput.FromBytes(new byte[] { 1 }).ToFrame(id);

    private static IAsyncEnumerable<Frame> Frames(int count) =>
        Enumerable.Range(0, count).Select(id => NewFrame((ulong)id)).ToAsyncEnumerable();

    private static async IAsyncEnumerable<Frame> EndlessFrames([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (ulong id = 0; ; id++)
        {
            await Task.Delay(1, cancellationToken);
            yield return NewFrame(id);
        }
    }

    private static async IAsyncEnumerable<Frame> NoFrameForNow([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        yield break;
    }

    private sealed record Fixture(ScriptedServer Server, InspectionClient Client) : IAsyncDisposable
    {
        public static async Task<Fixture> StartAsync(
            Func<IAsyncStreamReader<InspectStreamRequest>, IServerStreamWriter<InspectStreamResponse>, ServerCallContext, Task> script)
        {
            ScriptedServer server = await ScriptedServer.StartAsync(new ScriptedInspection { OnStream = script });
            return new Fixture(server, InspectionClient.Connect(server.Address));
        }

        public async ValueTask DisposeAsync()
        {
            Client.Dispose();
            await Server.DisposeAsync();
        }
    }
}
