using Google.Protobuf;

namespace YMaskNet.Server.Tests.Inspection;

public sealed class ConcurrencyTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task DetectAndSegment_ThirtyTwoAtOnce_TheSameBytesAsOneAlone()
    {
        byte[] alone = await AnswerAsync();

        byte[][] together = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => AnswerAsync()));

        Assert.All(together, answer => Assert.Equal(alone, answer));
    }

    [Fact]
    public async Task DetectAndSegment_FourLanes_TheSameBytesAsOne()
    {
        byte[] oneLane = await AnswerAsync(_server, "tiny-ymasknet/1");
        await using TestServer fourLanes = await TestServer.StartAsync("--lanes", "4", "--threads", "1");

        byte[][] answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => AnswerAsync(fourLanes, "tiny-ymasknet/1")));

        Assert.All(answers, answer => Assert.Equal(oneLane, answer));
    }

    [Fact]
    public async Task Detect_MoreCallsThanTheQueueHolds_RefusedEarlyAndTheRestAnswered()
    {
        await using TestServer server = await TestServer.StartAsync(
            models => TestModels.WriteSlow(models), "--queue-capacity", "2");
        Wire.DetectRequest request = new() { Image = Boards.Png };

        Rejection?[] rejections = await Task.WhenAll(Enumerable.Range(0, 16).Select(async _ =>
        {
            try
            {
                FoundBlobs.Check((await server.Inspection.DetectAsync(request)).Defects);
                return null;
            }
            catch (RpcException error)
            {
                return Rejection.Of(error);
            }
        }));

        Rejection[] refused = [.. rejections.OfType<Rejection>()];
        Assert.InRange(refused.Length, 1, 13);
        Assert.All(refused, rejection => Assert.Equal((StatusCode.ResourceExhausted, "QUEUE_FULL"), (rejection.Code, rejection.Reason)));
        Assert.All(refused, rejection => Assert.True(rejection.Detail<Google.Rpc.RetryInfo>().RetryDelay.ToTimeSpan() > TimeSpan.Zero));
    }

    [Fact]
    public async Task InspectStream_QueueIsFull_FramesWaitInsteadOfFailing()
    {
        await using TestServer server = await TestServer.StartAsync(
            models => TestModels.WriteSlow(models, convolutions: 10), "--queue-capacity", "1");

        Task<List<Wire.FrameResult>>[] sessions = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(async () =>
        {
            using TestSession session = await TestSession.OpenAsync(server, new Wire.SessionOpening { Task = Wire.Task.Detect });
            Task<List<Wire.FrameResult>> receiving = session.ReceiveAllAsync();
            for (ulong frame = 0; frame < 6; frame++)
                await session.SendFrameAsync(frame, Boards.Png);
            await session.EndAsync();
            return await receiving;
        }))];

        foreach (List<Wire.FrameResult> results in await Task.WhenAll(sessions))
            Assert.Equal(Enumerable.Repeat(Wire.Verdict.Fail, 6), results.Select(result => result.Verdict));
    }

    private Task<byte[]> AnswerAsync() => AnswerAsync(_server, "");

    private static async Task<byte[]> AnswerAsync(TestServer server, string model)
    {
        Wire.DetectAndSegmentResponse response = await server.Inspection.DetectAndSegmentAsync(
            new Wire.DetectAndSegmentRequest { Image = Boards.Png, Model = model });

        // How long it took is the one thing that may differ.
        response.Execution.Times = null;
        return response.ToByteArray();
    }
}
