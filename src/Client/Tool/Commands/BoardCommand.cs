using System.CommandLine;
using YMaskNet.Client.Tool.Inspection;

namespace YMaskNet.Client.Tool.Commands;

/// <summary><c>ymasknet board</c>: its arguments and options.</summary>
internal static class BoardCommand
{
    public static Command Create(Terminal terminal)
    {
        BoardArguments arguments = new();
        Command command = new("board", "Inspects a whole board, however large, in overlapping tiles.")
        {
            arguments.File,
            arguments.Raw,
            arguments.Model,
            arguments.Task,
            arguments.MinScore,
            arguments.NmsIou,
            arguments.MaxDefects,
            arguments.Overlap,
            arguments.Json,
            arguments.Timeout,
            arguments.Quiet,
        };
        ConnectionOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => BoardRun.RunAsync(arguments.Read(parsed), terminal, cancellationToken));
        return command;
    }

    private sealed class BoardArguments
    {
        public Argument<string> File { get; } = new("file") { Description = "Image file, or with --raw a file of pixels." };

        public Option<RawLayout?> Raw { get; } = RawOption.Create();

        public Option<string> Model { get; } = new("--model")
        {
            Description = "Model to use. Default: the server's.",
            HelpName = "NAME[/VERSION]",
            DefaultValueFactory = _ => "",
        };

        public Option<string?> Task { get; } = new Option<string?>("--task")
        {
            Description = "detect: boxes alone; both: find and outline; segment: with a semantic model. Default: the most that the model can do.",
        }.AcceptOnlyFromAmong("detect", "segment", "both");

        public Option<float?> MinScore { get; } =
            NumberOptions.Fraction("--min-score", "Leave out defects below this score, 0 to 1. Default: the model's.");

        public Option<float?> NmsIou { get; } = NumberOptions.Fraction(
            "--nms-iou", "Within a tile, suppress boxes that overlap a better one of their class by more than this, 0 to 1. Default: the model's.");

        public Option<int?> MaxDefects { get; } =
            NumberOptions.Count("--max-defects", "At most this many defects on the board. Default: 1000.", int.MaxValue);

        public Option<int?> Overlap { get; } =
            NumberOptions.Count("--overlap", "Pixels by which tiles overlap, less than half a tile. Default: the model's.", int.MaxValue);

        public Option<string?> Json { get; } = new("--json")
        {
            Description = "Write one JSON object to this file; - is standard output.",
            HelpName = "FILE",
        };

        public Option<int?> Timeout { get; } = NumberOptions.Count("--timeout", "Seconds that the board may take. Default: no limit.", 86_400);

        public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Show the summary and errors alone." };

        public BoardRunSettings Read(ParseResult parsed) => new(
            new InspectSettings
            {
                Paths = [parsed.GetValue(File)!],
                Connection = ConnectionOptions.Read(parsed),
                Inspection = new InspectionOptions
                {
                    Model = parsed.GetValue(Model)!,
                    MinScore = parsed.GetValue(MinScore),
                    NmsIouThreshold = parsed.GetValue(NmsIou),
                    MaxDefects = parsed.GetValue(MaxDefects),
                },
                Task = parsed.GetValue(Task) is { } task ? Enum.Parse<TaskChoice>(task, ignoreCase: true) : null,
                JsonPath = parsed.GetValue(Json),
                Quiet = parsed.GetValue(Quiet),
            },
            parsed.GetValue(Raw),
            parsed.GetValue(Overlap),
            parsed.GetValue(Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : null);
    }
}

/// <summary>What was asked of <c>ymasknet board</c>.</summary>
/// <param name="Inspect">What it shares with <c>ymasknet inspect</c>.</param>
/// <param name="Raw">Set where the file holds bare pixels.</param>
/// <param name="Overlap"><see langword="null"/>: the model's.</param>
/// <param name="Timeout"><see langword="null"/>: none.</param>
internal sealed record BoardRunSettings(InspectSettings Inspect, RawLayout? Raw, int? Overlap, TimeSpan? Timeout);
