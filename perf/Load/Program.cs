using System.CommandLine;
using System.Diagnostics;
using YMaskNet.V1;
using Task = System.Threading.Tasks.Task;

namespace YMaskNet.Perf.Load;

/// <summary><c>ymasknet-load</c>: loads a server and says how it stands up to it.</summary>
internal static class Program
{
    private static readonly Option<string> Server = new("--server") { Description = "Address of the server.", DefaultValueFactory = _ => "http://127.0.0.1:5080" };

    private static readonly Option<int?> ProcessId = new("--server-pid") { Description = "The server's process, to account for its CPU time and memory." };

    private static readonly Option<string> Images = new("--images") { Description = "An image, or a folder of images that are sent in turn.", Required = true };

    private static readonly Option<bool> Raw = new("--raw") { Description = "Send pixels in place of files." };

    private static readonly Option<bool> SharedMemory = new("--shared-memory")
    {
        Description = "Sessions on the server's Unix socket: write the pixels once into memory that the server shares.",
    };

    private static readonly Option<string> Model = new("--model") { Description = "Model to use. Default: the server's.", DefaultValueFactory = _ => "" };

    private static readonly Option<string> TaskName =
        new Option<string>("--task") { Description = "What to do.", DefaultValueFactory = _ => "both" }.AcceptOnlyFromAmong("detect", "segment", "both");

    private static readonly Option<bool> Sessions = new("--stream") { Description = "Send frames through sessions in place of single calls." };

    private static readonly Option<int> Callers = new("--callers") { Description = "Connections, each with a session where --stream is given.", DefaultValueFactory = _ => 1 };

    private static readonly Option<int> InHand = new("--in-hand") { Description = "Calls that a connection has in hand where there is no --rate.", DefaultValueFactory = _ => 4 };

    private static readonly Option<double> Rate = new("--rate") { Description = "Arrivals a second of all callers; 0: as much as the server takes.", DefaultValueFactory = _ => 0 };

    private static readonly Option<double> Seconds = new("--seconds") { Description = "How long arrivals come.", DefaultValueFactory = _ => 10 };

    private static readonly Option<double> WarmUp = new("--warm-up") { Description = "Seconds of the same load before, which do not count.", DefaultValueFactory = _ => 2 };

    private static readonly Option<string> Policy = new Option<string>("--policy")
    {
        Description = "Sessions: what happens to frames that come too fast.",
        DefaultValueFactory = _ => "block",
    }.AcceptOnlyFromAmong("block", "drop-oldest", "latest-only");

    private static readonly Option<double?> TimeLimit = new("--time-limit-ms") { Description = "Sessions: how long a frame is of use." };

    private static readonly Option<string?> Json = new("--json") { Description = "Append the figures to this file, as one line of JSON." };

    private static readonly Option<string?> Label = new("--label") { Description = "Name of the figures in the file." };

    private static readonly TimeSpan LongLoad = TimeSpan.FromSeconds(30);

    private static Task<int> Main(string[] arguments)
    {
        RootCommand command = new("Loads a YMaskNet server and reports throughput, latencies from the due time, and what the server took.")
        {
            Server, ProcessId, Images, Raw, SharedMemory, Model, TaskName, Sessions, Callers, InHand, Rate, Seconds, WarmUp, Policy, TimeLimit, Json, Label,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(SharedMemory) && !(result.GetValue(Raw) && result.GetValue(Sessions)))
                result.AddError("--shared-memory needs --raw and --stream.");
        });
        command.SetAction(RunAsync);
        return command.Parse(arguments).InvokeAsync();
    }

    private static async Task<int> RunAsync(ParseResult parsed, CancellationToken cancellationToken)
    {
        LoadPlan plan = Read(parsed);
        Func<LoadPlan, Tally, CancellationToken, Task> load = parsed.GetValue(Sessions) ? SessionLoad.RunAsync : CallLoad.RunAsync;
        if (parsed.GetValue(WarmUp) is > 0 and double warmUp)
            await load(plan with { Time = TimeSpan.FromSeconds(warmUp) }, new Tally(), cancellationToken);

        Tally tally = new();
        using ServerProbe? probe = parsed.GetValue(ProcessId) is { } process
            ? new ServerProbe(process, TimeSpan.FromSeconds(plan.Time < LongLoad ? 1 : 10))
            : null;
        long start = Stopwatch.GetTimestamp();
        await load(plan, tally, cancellationToken);
        LoadResult result = tally.Result(Stopwatch.GetElapsedTime(start));
        if (probe is not null)
        {
            ServerUse use = probe.Read();

            // The last counters are still to come.
            await Task.Delay(probe.Interval * 1.2, cancellationToken);
            ServerUse counted = probe.Read();
            result = result with { Server = use with { AllocatedBytes = counted.AllocatedBytes, Gen2Collections = counted.Gen2Collections } };
        }

        Report.Print(result, Console.Out);
        if (parsed.GetValue(Json) is { } path)
            Report.Append(result, parsed.GetValue(Label), path);
        return result.Failed == 0 ? 0 : 1;
    }

    private static LoadPlan Read(ParseResult parsed) => new(
        parsed.GetValue(Server)!,
        parsed.GetValue(Model)!,
        parsed.GetValue(TaskName) switch
        {
            "detect" => V1.Task.Detect,
            "segment" => V1.Task.Segment,
            _ => V1.Task.DetectAndSegment,
        },
        Payload.Read(parsed.GetValue(Images)!, parsed.GetValue(Raw)),
        parsed.GetValue(Callers),
        parsed.GetValue(InHand),
        parsed.GetValue(Rate),
        TimeSpan.FromSeconds(parsed.GetValue(Seconds)))
    {
        Policy = parsed.GetValue(Policy) switch
        {
            "drop-oldest" => FramePolicy.DropOldest,
            "latest-only" => FramePolicy.LatestOnly,
            _ => FramePolicy.Block,
        },
        SharesMemory = parsed.GetValue(SharedMemory),
        TimeLimit = parsed.GetValue(TimeLimit) is { } limit ? TimeSpan.FromMilliseconds(limit) : null,
    };
}
