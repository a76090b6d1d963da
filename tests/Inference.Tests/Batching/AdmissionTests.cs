using YMaskNet.Inference.Batching;

namespace YMaskNet.Inference.Tests.Batching;

public sealed class AdmissionTests
{
    [Fact]
    public async Task EnterAsync_NoPlaceLeft_RefusesUntilOneIsGivenBack()
    {
        using Admission admission = new(capacity: 2, "model/1", () => TimeSpan.FromSeconds(3));
        Admission.Place first = await admission.EnterAsync(QueuePolicy.Refuse, CancellationToken.None);
        using Admission.Place second = await admission.EnterAsync(QueuePolicy.Refuse, CancellationToken.None);

        InspectionException refused = await Assert.ThrowsAsync<InspectionException>(
            async () => await admission.EnterAsync(QueuePolicy.Refuse, CancellationToken.None));
        first.Dispose();
        using Admission.Place third = await admission.EnterAsync(QueuePolicy.Refuse, CancellationToken.None);

        Assert.Equal((InspectionErrorKind.ResourceExhausted, "QUEUE_FULL"), (refused.Kind, refused.Reason));
        Assert.Equal(TimeSpan.FromSeconds(3), refused.RetryAfter);
    }

    [Fact]
    public async Task EnterAsync_WaitPolicy_WaitsForAPlace()
    {
        using Admission admission = new(capacity: 1, "model/1", () => TimeSpan.FromSeconds(3));
        Admission.Place first = await admission.EnterAsync(QueuePolicy.Wait, CancellationToken.None);
        Task<Admission.Place> waiting = admission.EnterAsync(QueuePolicy.Wait, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);

        first.Dispose();

        (await waiting).Dispose();
    }

    [Fact]
    public async Task EnterAsync_CancelledWhileItWaits_LeavesThePlaceToOthers()
    {
        using Admission admission = new(capacity: 1, "model/1", () => TimeSpan.FromSeconds(3));
        Admission.Place first = await admission.EnterAsync(QueuePolicy.Wait, CancellationToken.None);
        using CancellationTokenSource source = new();
        Task<Admission.Place> waiting = admission.EnterAsync(QueuePolicy.Wait, source.Token).AsTask();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        first.Dispose();
        (await admission.EnterAsync(QueuePolicy.Refuse, CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task CloseAsync_SomebodyInside_WaitsForThemAndRefusesOthers()
    {
        using Admission admission = new(capacity: 1, "model/1", () => TimeSpan.FromSeconds(3));
        Admission.Place inside = await admission.EnterAsync(QueuePolicy.Refuse, CancellationToken.None);
        Task<Admission.Place> waiting = admission.EnterAsync(QueuePolicy.Wait, CancellationToken.None).AsTask();

        Task closing = admission.CloseAsync();

        Assert.False(closing.IsCompleted);
        Assert.Equal("SERVER_STOPPING", (await Refused(admission.EnterAsync(QueuePolicy.Refuse, CancellationToken.None).AsTask())).Reason);
        inside.Dispose();
        await closing;
        InspectionException refused = await Refused(waiting);
        Assert.Equal((InspectionErrorKind.Unavailable, "SERVER_STOPPING"), (refused.Kind, refused.Reason));
    }

    private static Task<InspectionException> Refused(Task entering) => Assert.ThrowsAsync<InspectionException>(() => entering);
}
