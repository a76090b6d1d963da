using YMaskNet.Server.Sessions;

namespace YMaskNet.Server.Tests.Sessions;

public sealed class FramePlacesTests
{
    private readonly FramePlaces _places = new(2);

    [Fact]
    public async Task TakeAsync_NoneFree_WaitsForOneGivenBack()
    {
        await TakeAsync();
        await TakeAsync();
        Task third = TakeAsync();
        Assert.False(third.IsCompleted);

        _places.Release();

        await third.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task TakeAsync_ManyTimes_LetsNoMoreInThanHaveLeft()
    {
        const int count = 20_000;
        int inside = 0;
        int most = 0;
        using SemaphoreSlim toLeave = new(0);
        Task leaving = Task.Run(async () =>
        {
            for (int i = 0; i < count; i++)
            {
                await toLeave.WaitAsync();
                Interlocked.Decrement(ref inside);
                _places.Release();
            }
        });

        for (int i = 0; i < count; i++)
        {
            await _places.TakeAsync(CancellationToken.None);
            most = Math.Max(most, Interlocked.Increment(ref inside));
            toLeave.Release();
        }

        await leaving.WaitAsync(TimeSpan.FromSeconds(30));
        Assert.InRange(most, 1, 2);
        Assert.Equal(0, inside);
    }

    [Fact]
    public async Task Cancel_WhileOneWaits_EndsItsWaitingAlone()
    {
        using CancellationTokenSource source = new();
        await TakeAsync();
        await TakeAsync();
        Task waiting = TakeAsync();
        await source.CancelAsync();

        _places.Cancel(source.Token);

        OperationCanceledException cancelled = await Assert.ThrowsAsync<OperationCanceledException>(() => waiting);
        Assert.Equal(source.Token, cancelled.CancellationToken);
        _places.Release();
        Assert.True(TakeAsync().IsCompletedSuccessfully);
    }

    [Fact]
    public async Task TakeAsync_CancelledBefore_TakesNone()
    {
        await Assert.ThrowsAsync<OperationCanceledException>(() => _places.TakeAsync(new CancellationToken(canceled: true)).AsTask());

        Assert.True(TakeAsync().IsCompletedSuccessfully);
        Assert.True(TakeAsync().IsCompletedSuccessfully);
        Assert.False(TakeAsync().IsCompleted);
    }

    private Task TakeAsync() => _places.TakeAsync(CancellationToken.None).AsTask();
}
