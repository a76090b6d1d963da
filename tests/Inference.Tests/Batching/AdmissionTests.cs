using YMaskNet.Inference.Batching;

namespace YMaskNet.Inference.Tests.Batching;

public sealed class AdmissionTests
{
    private static InspectionFlow Flow { get; } = new();

    [Fact]
    public async Task EnterAsync_NoPlaceLeft_RefusesUntilOneIsGivenBack()
    {
        Admission admission = new(capacity: 2, "model/1", () => TimeSpan.FromSeconds(3));
        Admission.Place first = await admission.EnterAsync(Flow, QueuePolicy.Refuse, CancellationToken.None);
        using Admission.Place second = await admission.EnterAsync(Flow, QueuePolicy.Refuse, CancellationToken.None);

        InspectionException refused = await Assert.ThrowsAsync<InspectionException>(
            async () => await admission.EnterAsync(Flow, QueuePolicy.Refuse, CancellationToken.None));
        first.Dispose();
        using Admission.Place third = await admission.EnterAsync(Flow, QueuePolicy.Refuse, CancellationToken.None);

        Assert.Equal((InspectionErrorKind.ResourceExhausted, "QUEUE_FULL"), (refused.Kind, refused.Reason));
        Assert.Equal(TimeSpan.FromSeconds(3), refused.RetryAfter);
    }

    [Fact]
    public async Task EnterAsync_SeveralFlows_EachGetsItsShare()
    {
        Admission admission = new(capacity: 9, "model/1", () => TimeSpan.FromSeconds(3));
        InspectionFlow[] flows = [new(), new(), new()];
        Dictionary<InspectionFlow, int> entered = flows.ToDictionary(flow => flow, _ => 0);

        // The first comes with twice its share before the others are there, and keeps what it has.
        for (int inspection = 0; inspection < 6; inspection++)
            await Enter(flows[0]);
        await Enter(flows[1]);
        await Enter(flows[2]);
        InspectionException beyondItsShare = await Refused(Enter(flows[0]));
        await Enter(flows[1]);
        InspectionException full = await Refused(Enter(flows[1]));

        Assert.Equal([6, 2, 1], flows.Select(flow => entered[flow]));
        Assert.Equal(("QUEUE_FULL", "QUEUE_FULL"), (beyondItsShare.Reason, full.Reason));
        Assert.Contains("3 inspections of this connection", beyondItsShare.Message, StringComparison.Ordinal);
        Assert.Contains("9 inspections in hand", full.Message, StringComparison.Ordinal);
        Assert.Equal(TimeSpan.FromSeconds(3), beyondItsShare.RetryAfter);

        async Task Enter(InspectionFlow flow)
        {
            await admission.EnterAsync(flow, QueuePolicy.Refuse, CancellationToken.None);
            entered[flow]++;
        }
    }

    [Fact]
    public async Task EnterAsync_PlacesDoNotDivideEvenly_NoneStaysFree()
    {
        Admission admission = new(capacity: 3, "model/1", () => TimeSpan.FromSeconds(3));
        InspectionFlow other = new();
        await admission.EnterAsync(Flow, QueuePolicy.Refuse, CancellationToken.None);
        await admission.EnterAsync(other, QueuePolicy.Refuse, CancellationToken.None);

        await admission.EnterAsync(Flow, QueuePolicy.Refuse, CancellationToken.None);

        InspectionException refused = await Refused(admission.EnterAsync(other, QueuePolicy.Refuse, CancellationToken.None).AsTask());
        Assert.Contains("3 inspections in hand", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task EnterAsync_OthersHaveLeft_TheirShareIsFree()
    {
        Admission admission = new(capacity: 2, "model/1", () => TimeSpan.FromSeconds(3));
        Admission.Place other = await admission.EnterAsync(new InspectionFlow(), QueuePolicy.Refuse, CancellationToken.None);
        await admission.EnterAsync(Flow, QueuePolicy.Refuse, CancellationToken.None);

        other.Dispose();

        (await admission.EnterAsync(Flow, QueuePolicy.Refuse, CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task EnterAsync_WaitPolicy_WaitsForAPlace()
    {
        Admission admission = new(capacity: 1, "model/1", () => TimeSpan.FromSeconds(3));
        Admission.Place first = await admission.EnterAsync(Flow, QueuePolicy.Wait, CancellationToken.None);
        Task<Admission.Place> waiting = admission.EnterAsync(Flow, QueuePolicy.Wait, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);

        first.Dispose();

        (await waiting).Dispose();
    }

    [Fact]
    public async Task EnterAsync_CancelledWhileItWaits_LeavesThePlaceToOthers()
    {
        Admission admission = new(capacity: 1, "model/1", () => TimeSpan.FromSeconds(3));
        Admission.Place first = await admission.EnterAsync(Flow, QueuePolicy.Wait, CancellationToken.None);
        using CancellationTokenSource source = new();
        Task<Admission.Place> waiting = admission.EnterAsync(Flow, QueuePolicy.Wait, source.Token).AsTask();

        await source.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        first.Dispose();
        (await admission.EnterAsync(Flow, QueuePolicy.Refuse, CancellationToken.None)).Dispose();
    }

    [Fact]
    public async Task CloseAsync_SomebodyInside_WaitsForThemAndRefusesOthers()
    {
        Admission admission = new(capacity: 1, "model/1", () => TimeSpan.FromSeconds(3));
        Admission.Place inside = await admission.EnterAsync(Flow, QueuePolicy.Refuse, CancellationToken.None);
        Task<Admission.Place> waiting = admission.EnterAsync(Flow, QueuePolicy.Wait, CancellationToken.None).AsTask();

        Task closing = admission.CloseAsync();

        Assert.False(closing.IsCompleted);
        Assert.Equal("SERVER_STOPPING", (await Refused(admission.EnterAsync(Flow, QueuePolicy.Refuse, CancellationToken.None).AsTask())).Reason);
        inside.Dispose();
        await closing;
        InspectionException refused = await Refused(waiting);
        Assert.Equal((InspectionErrorKind.Unavailable, "SERVER_STOPPING"), (refused.Kind, refused.Reason));
    }

    private static Task<InspectionException> Refused(Task entering) => Assert.ThrowsAsync<InspectionException>(() => entering);
}
