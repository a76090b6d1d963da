using System.Collections.Concurrent;
using Google.Protobuf.WellKnownTypes;
using YMaskNet.Client;
using YMaskNet.V1;
using Task = System.Threading.Tasks.Task;

namespace YMaskNet.Perf.Load;

/// <summary>Frames through sessions, each over a connection of its own.</summary>
internal static class SessionLoad
{
    public static Task RunAsync(LoadPlan plan, Tally tally, CancellationToken cancellationToken) =>
        Task.WhenAll(Enumerable.Range(0, plan.Callers).Select(_ => Task.Run(() => RunSessionAsync(plan, tally, cancellationToken), cancellationToken)));

    private static async Task RunSessionAsync(LoadPlan plan, Tally tally, CancellationToken cancellationToken)
    {
        // A refusal is counted, not made up for.
        InspectionClientOptions options = new() { Retry = RetryOptions.None };
        using InspectionClient client = InspectionClient.Connect(plan.Server, options);
        await using SharedImages? shared = plan.SharesMemory ? await SharedImages.WriteAsync(client, plan.Images, cancellationToken) : null;
        if (shared is not null)
            plan = plan with { Images = shared.Images };
        await using InspectionSession session = await client.OpenSessionAsync(
            new SessionOptions { Task = plan.Task, Inspection = new InspectionOptions { Model = plan.Model }, FramePolicy = plan.Policy },
            cancellationToken);
        ConcurrentQueue<long> dues = new();
        Task writing = WriteAsync(plan, session, dues, cancellationToken);
        await foreach (FrameResult result in session.ReadAllAsync(cancellationToken))
        {
            // Answers come in the frames' order.
            if (!dues.TryDequeue(out long due))
                throw new InvalidOperationException("The session answered a frame that it was not sent.");
            tally.Weigh(() => AnswerMemory.BytesOf(result, result.Defects));
            tally.Note(OutcomeOf(result), due, result.Error?.Message);
        }

        await writing;
    }

    private static async Task WriteAsync(LoadPlan plan, InspectionSession session, ConcurrentQueue<long> dues, CancellationToken cancellationToken)
    {
        Arrivals arrivals = new(plan.PerSecond / plan.Callers);
        using CancellationTokenSource timer = new(plan.Time);
        long count = arrivals.CountWithin(plan.Time);
        for (long index = 0; index < count && (arrivals.IsOpenLoop || !timer.IsCancellationRequested); index++)
        {
            long due = await arrivals.WaitForAsync(index, cancellationToken);
            Frame frame = plan.ImageOf(index).ToFrame((ulong)index);
            if (plan.TimeLimit is { } limit)
                frame.TimeLimit = Duration.FromTimeSpan(limit);
            dues.Enqueue(due);
            await session.WriteAsync(frame, cancellationToken);
        }

        await session.CompleteAsync(cancellationToken);
    }

    private static Outcome OutcomeOf(FrameResult result) => result.Verdict switch
    {
        Verdict.Pass or Verdict.Fail => Outcome.Inspected,
        Verdict.Dropped => Outcome.Dropped,
        Verdict.Late => Outcome.Late,
        _ => Outcome.Failed,
    };
}
