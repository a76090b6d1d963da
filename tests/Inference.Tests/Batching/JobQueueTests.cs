using YMaskNet.Inference.Batching;

namespace YMaskNet.Inference.Tests.Batching;

public sealed class JobQueueTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly JobQueue _queue = new();

    [Fact]
    public void Take_OneFlow_FirstComeFirstServed()
    {
        InspectionJob[] jobs = Add(5);

        Assert.Equal(jobs, Take(5));
    }

    [Fact]
    public void Take_AFlowThatSendsMuch_TakesTurnsWithOneThatSendsLittle()
    {
        InspectionJob[] much = Add(4, new InspectionFlow());
        InspectionJob[] little = Add(2, new InspectionFlow());

        Assert.Equal([much[0], little[0], much[1], little[1], much[2], much[3]], Take(6));
    }

    [Fact]
    public void Take_AFlowComesBack_ItWaitsForItsTurn()
    {
        InspectionFlow first = new();
        InspectionFlow second = new();
        InspectionJob[] of = [Add(first), Add(first), Add(second), Add(second)];
        Assert.Equal([of[0], of[2]], Take(2));

        InspectionJob late = Add(first);

        Assert.Equal([of[1], of[3], late], Take(3));
    }

    [Fact]
    public void Take_HigherPriorities_ComeFirst()
    {
        InspectionJob low = Add(priority: InspectionPriority.Low);
        InspectionJob normal = Add(priority: InspectionPriority.Normal);
        InspectionJob high = Add(priority: InspectionPriority.High);

        Assert.Equal([high, normal, low], Take(3));
    }

    [Fact]
    public void Take_MoreThanABatchWaits_TakesOneBatch()
    {
        InspectionJob[] jobs = Add(3);

        Assert.Equal(jobs[..2], TakeBatch(2, TimeSpan.Zero));
        Assert.Equal(1, _queue.Count);
    }

    [Fact]
    public void TakeWaiting_LessThanABatchOrNothing_TakesItWithoutWaiting()
    {
        InspectionJob[] batch = new InspectionJob[2];
        Assert.Equal(0, _queue.TakeWaiting(batch));
        InspectionJob only = Add();

        Assert.Equal(1, _queue.TakeWaiting(batch));

        Assert.Same(only, batch[0]);
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public async Task Take_LessThanABatchWaits_WaitsForMoreUpToTheDelay()
    {
        InspectionJob first = Add();
        Task<InspectionJob[]> taking = Task.Run(() => TakeBatch(2, TimeSpan.FromHours(1)));
        await Task.Delay(50);
        Assert.False(taking.IsCompleted, "The batch is not full and its delay has not passed.");

        InspectionJob second = Add();

        Assert.Equal([first, second], await taking.WaitAsync(Patience));
    }

    [Fact]
    public async Task Take_DelayPasses_TakesWhatIsThere()
    {
        InspectionJob only = Add();

        Assert.Equal([only], await Task.Run(() => TakeBatch(2, TimeSpan.FromMilliseconds(1))).WaitAsync(Patience));
    }

    [Fact]
    public async Task Complete_BatchWaitsToFill_TakesWhatIsThereThenNothing()
    {
        InspectionJob only = Add();
        Task<InspectionJob[]> taking = Task.Run(() => TakeBatch(2, TimeSpan.FromHours(1)));

        _queue.Complete();

        Assert.Equal([only], await taking.WaitAsync(Patience));
        Assert.Empty(TakeBatch(2, TimeSpan.Zero));
    }

    [Fact]
    public async Task Take_DeadlinePassed_EndsTheJobAndTakesTheNext()
    {
        InspectionJob late = TestJobs.Job(deadline: InspectionDeadline.After(TimeSpan.FromSeconds(-1)));
        InspectionJob inTime = TestJobs.Job(deadline: InspectionDeadline.After(TimeSpan.FromDays(1)));
        _queue.Add(late);
        _queue.Add(inTime);

        Assert.Equal([inTime], Take(1));
        InspectionException exception = await Assert.ThrowsAsync<InspectionException>(() => late.Completion);
        Assert.Equal("DEADLINE_PASSED", exception.Reason);
        Assert.Equal(0, _queue.Count);
    }

    [Fact]
    public void Remove_AnywhereInTheQueue_OnlyThatJobIsGone()
    {
        InspectionJob[] jobs = Add(3);

        Assert.True(_queue.Remove(jobs[1]));
        Assert.False(_queue.Remove(jobs[1]));
        Assert.Equal([jobs[0], jobs[2]], Take(2));
        Assert.False(_queue.Remove(jobs[0]));
    }

    [Fact]
    public void AddAndRemoveAndTake_AtRandom_EveryFlowKeepsItsOrderAndNobodyWaitsMoreThanARound()
    {
        Random random = new(5);
        InspectionFlow[] flows = [.. Enumerable.Range(0, 4).Select(_ => new InspectionFlow())];
        Dictionary<InspectionFlow, List<InspectionJob>> expected = flows.ToDictionary(flow => flow, _ => new List<InspectionJob>());
        Dictionary<InspectionFlow, int> passedOver = flows.ToDictionary(flow => flow, _ => 0);
        for (int step = 0; step < 2000; step++)
        {
            InspectionFlow flow = flows[random.Next(flows.Length)];
            switch (random.Next(4))
            {
                case 0 or 1:
                    expected[flow].Add(Add(flow));
                    break;

                case 2 when expected[flow].Count > 0:
                    InspectionJob removed = expected[flow][random.Next(expected[flow].Count)];
                    Assert.True(_queue.Remove(removed));
                    expected[flow].Remove(removed);

                    // A flow without jobs has no turn to wait for.
                    if (expected[flow].Count == 0)
                        passedOver[flow] = 0;
                    break;

                case 3 when _queue.Count > 0:
                    InspectionJob taken = Assert.Single(Take(1));
                    Assert.Same(expected[taken.Turn.Flow][0], taken);
                    expected[taken.Turn.Flow].RemoveAt(0);
                    foreach (InspectionFlow other in flows)
                        passedOver[other] = other == taken.Turn.Flow || expected[other].Count == 0 ? 0 : passedOver[other] + 1;
                    Assert.All(passedOver.Values, count => Assert.InRange(count, 0, flows.Length - 1));
                    break;
            }

            Assert.Equal(expected.Values.Sum(jobs => jobs.Count), _queue.Count);
        }
    }

    private InspectionJob[] Add(int count, InspectionFlow? flow = null) => [.. Enumerable.Range(0, count).Select(_ => Add(flow))];

    private InspectionJob Add(InspectionFlow? flow = null, InspectionPriority priority = InspectionPriority.Normal)
    {
        InspectionJob job = TestJobs.Job(flow: flow, priority: priority);
        _queue.Add(job);
        return job;
    }

    private InspectionJob[] Take(int count) => [.. Enumerable.Range(0, count).SelectMany(_ => TakeBatch(1, TimeSpan.Zero))];

    private InspectionJob[] TakeBatch(int size, TimeSpan maxDelay)
    {
        InspectionJob[] batch = new InspectionJob[size];
        return batch[.._queue.Take(batch, maxDelay)];
    }
}
