using Grpc.Core;
using YMaskNet.Client;
using YMaskNet.V1;
using Task = System.Threading.Tasks.Task;

namespace YMaskNet.Perf.Load;

/// <summary>Single calls over connections of their own.</summary>
internal static class CallLoad
{
    public static async Task RunAsync(LoadPlan plan, Tally tally, CancellationToken cancellationToken)
    {
        // A refusal is counted, not made up for.
        InspectionClientOptions options = new() { Retry = RetryOptions.None };
        InspectionClient[] clients = [.. Enumerable.Range(0, plan.Callers).Select(_ => InspectionClient.Connect(plan.Server, options))];
        try
        {
            // The connections are made before the clock starts.
            await Task.WhenAll(clients.Select(client => client.GetModelAsync(plan.Model, cancellationToken)));
            await (plan.PerSecond > 0 ? SendAtRateAsync(plan, clients, tally, cancellationToken) : SendInHandAsync(plan, clients, tally, cancellationToken));
        }
        finally
        {
            foreach (InspectionClient client in clients)
                client.Dispose();
        }
    }

    private static async Task SendAtRateAsync(LoadPlan plan, InspectionClient[] clients, Tally tally, CancellationToken cancellationToken)
    {
        Arrivals arrivals = new(plan.PerSecond);
        List<Task> calls = [];
        for (long index = 0; index < arrivals.CountWithin(plan.Time); index++)
        {
            long due = await arrivals.WaitForAsync(index, cancellationToken);
            calls.Add(CallAsync(plan, clients[index % clients.Length], index, due, tally, cancellationToken));
        }

        await Task.WhenAll(calls);
    }

    private static async Task SendInHandAsync(LoadPlan plan, InspectionClient[] clients, Tally tally, CancellationToken cancellationToken)
    {
        Arrivals arrivals = new(0);
        using CancellationTokenSource timer = new(plan.Time);
        CancellationToken over = timer.Token;
        await Task.WhenAll(clients.SelectMany(client => Enumerable.Range(0, plan.InHand).Select(place => Task.Run(
            async () =>
            {
                for (long index = place; !over.IsCancellationRequested; index++)
                    await CallAsync(plan, client, index, await arrivals.WaitForAsync(index, cancellationToken), tally, cancellationToken);
            },
            cancellationToken))));
    }

    private static async Task CallAsync(
        LoadPlan plan, InspectionClient client, long index, long due, Tally tally, CancellationToken cancellationToken)
    {
        ImageInput image = plan.ImageOf(index);
        try
        {
            await SendAsync(plan.Task, client, image, new InspectionOptions { Model = plan.Model }, tally, cancellationToken);
            tally.Note(Outcome.Inspected, due);
        }
        catch (InspectionFailedException exception)
        {
            tally.Note(exception.StatusCode == StatusCode.ResourceExhausted ? Outcome.Refused : Outcome.Failed, due, exception.Message);
        }
    }

    private static async Task SendAsync(
        V1.Task task, InspectionClient client, ImageInput image, InspectionOptions options, Tally tally, CancellationToken cancellationToken)
    {
        switch (task)
        {
            case V1.Task.Detect:
                DetectResponse detected = await client.DetectAsync(image, options, cancellationToken);
                tally.Weigh(() => AnswerMemory.BytesOf(detected, detected.Defects));
                break;

            case V1.Task.Segment:
                SegmentResponse segmented = await client.SegmentAsync(image, options: options, cancellationToken: cancellationToken);
                tally.Weigh(() => AnswerMemory.BytesOf(segmented, segmented.Instances));
                break;

            default:
                DetectAndSegmentResponse inspected = await client.DetectAndSegmentAsync(image, options, cancellationToken);
                tally.Weigh(() => AnswerMemory.BytesOf(inspected, inspected.Defects));
                break;
        }
    }
}
