using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace YMaskNet.Server.Tests.Inspection;

public sealed class CancellationTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Detect_DeadlineBeforeTheAnswer_DeadlineExceeded()
    {
        // Held up behind a stream of slow frames, the call has no chance to end in time.
        await using TestServer server = await TestServer.StartAsync(models => TestModels.WriteSlow(models, convolutions: 150));
        Task<Wire.DetectResponse>[] ahead = [.. Enumerable.Range(0, 3).Select(_ => Detect(server))];

        Rejection rejection = await Rejection.OfAsync(() => Detect(server, DateTime.UtcNow.AddMilliseconds(50)));

        Assert.Equal(StatusCode.DeadlineExceeded, rejection.Code);
        foreach (Wire.DetectResponse response in await Task.WhenAll(ahead))
            FoundBlobs.Check(response.Defects);
        AssertNoErrors(server);
    }

    [Fact]
    public async Task Detect_CallersCancelWhileTheyWait_TakenOutOfTheQueue()
    {
        const int Waiting = 40;
        await using TestServer server = await TestServer.StartAsync(models => TestModels.WriteSlow(models, convolutions: 100));
        long start = Stopwatch.GetTimestamp();
        await Detect(server);
        TimeSpan one = Stopwatch.GetElapsedTime(start);
        using CancellationTokenSource cancel = new();
        Task<Wire.DetectResponse>[] waiting = [.. Enumerable.Range(0, Waiting).Select(_ => Detect(server, cancellationToken: cancel.Token))];

        await Task.WhenAny(waiting);
        await cancel.CancelAsync();
        start = Stopwatch.GetTimestamp();
        FoundBlobs.Check((await Detect(server)).Defects);
        TimeSpan after = Stopwatch.GetElapsedTime(start);

        Exception?[] ends = await Task.WhenAll(waiting.Select(call => Record.ExceptionAsync(() => call).AsTask()));
        Assert.All(ends.OfType<RpcException>(), error => Assert.Equal(StatusCode.Cancelled, error.StatusCode));
        Assert.InRange(ends.Count(error => error is RpcException), Waiting / 2, Waiting - 1);

        // Had the cancelled calls been computed, this one would have waited for all of them.
        Assert.True(after < one * (Waiting / 4), $"{after} behind cancelled calls, {one} alone");
        AssertNoErrors(server);
    }

    [Fact]
    public async Task Detect_DeadlineAlreadyPassed_DeadlineExceeded()
    {
        Rejection rejection = await Rejection.OfAsync(
            () => _server.Inspection.DetectAsync(
                new Wire.DetectRequest { Image = Boards.Png }, deadline: DateTime.UtcNow.AddSeconds(-1)).ResponseAsync);

        Assert.Equal(StatusCode.DeadlineExceeded, rejection.Code);
    }

    private static Task<Wire.DetectResponse> Detect(
        TestServer server, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        server.Inspection.DetectAsync(
            new Wire.DetectRequest { Image = Boards.Png }, deadline: deadline, cancellationToken: cancellationToken).ResponseAsync;

    private static void AssertNoErrors(TestServer server) =>
        Assert.DoesNotContain(server.Log.Entries, entry => entry.Level >= LogLevel.Warning);
}
