using System.CommandLine;
using System.CommandLine.Parsing;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Commands;

/// <summary><c>ymasknet inspect</c>: its arguments and options.</summary>
internal static class InspectCommand
{
    private const int MaxInFlight = 64;

    public static Command Create(Terminal terminal)
    {
        InspectArguments arguments = new();
        Command command = new("inspect", "Inspects images and shows what was found.")
        {
            arguments.Paths,
            arguments.Model,
            arguments.Task,
            arguments.MinScore,
            arguments.NmsIou,
            arguments.MaxDefects,
            arguments.Roi,
            arguments.Json,
            arguments.Overlay,
            arguments.Stream,
            arguments.InFlight,
            arguments.Timeout,
            arguments.Quiet,
        };
        ConnectionOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => InspectRun.RunAsync(arguments.Read(parsed), terminal, cancellationToken));
        return command;
    }

    private sealed class InspectArguments
    {
        public Argument<string[]> Paths { get; } = new("images")
        {
            Description = "Image files, folders (their images, without subfolders) and globs (*, ?, and ** for any folders).",
            Arity = ArgumentArity.OneOrMore,
        };

        public Option<string> Model { get; } = new("--model")
        {
            Description = "Model to use. Default: the server's.",
            HelpName = "NAME[/VERSION]",
            DefaultValueFactory = _ => "",
        };

        public Option<string?> Task { get; } = new Option<string?>("--task")
        {
            Description = "detect: boxes alone; segment: outline --roi boxes, or the whole image with a semantic model; "
                + "both: find and outline. Default: the most that the model can do.",
        }.AcceptOnlyFromAmong("detect", "segment", "both");

        public Option<float?> MinScore { get; } = NumberOptions.Fraction("--min-score", "Leave out defects below this score, 0 to 1. Default: the model's.");

        public Option<float?> NmsIou { get; } = NumberOptions.Fraction(
            "--nms-iou", "Suppress boxes that overlap a better one of their class by more than this, 0 to 1. Default: the model's.");

        public Option<int?> MaxDefects { get; } = NumberOptions.Count("--max-defects", "At most this many defects per image. Default: the model's.", int.MaxValue);

        public Option<RegionOfInterest[]> Roi { get; } = RoiOption.Create();

        public Option<string?> Json { get; } = new("--json")
        {
            Description = "Write one JSON object per image and line to this file; - is standard output.",
            HelpName = "FILE",
        };

        public Option<string?> Overlay { get; } = new("--overlay")
        {
            Description = "Write a picture per image, with boxes, labels and masks, into this folder.",
            HelpName = "DIR",
        };

        public Option<bool> Stream { get; } = new("--stream") { Description = "Send all images through one session." };

        public Option<int?> InFlight { get; } = NumberOptions.Count("--in-flight", $"Images sent ahead of their results, 1 to {MaxInFlight}. Default: 4.", MaxInFlight);

        public Option<int?> Timeout { get; } = NumberOptions.Count("--timeout", "Seconds that an image may take. Default: 120. Not used with --stream.", 86_400);

        public Option<bool> Quiet { get; } = new("--quiet", "-q") { Description = "Show the summary and errors alone." };

        public InspectSettings Read(ParseResult parsed)
        {
            InspectSettings defaults = new() { Paths = [], Connection = ConnectionOptions.Read(parsed), Inspection = new InspectionOptions() };
            return defaults with
            {
                Paths = parsed.GetValue(Paths)!,
                Inspection = new InspectionOptions
                {
                    Model = parsed.GetValue(Model)!,
                    MinScore = parsed.GetValue(MinScore),
                    NmsIouThreshold = parsed.GetValue(NmsIou),
                    MaxDefects = parsed.GetValue(MaxDefects),
                },
                Task = parsed.GetValue(Task) is { } task ? Enum.Parse<TaskChoice>(task, ignoreCase: true) : null,
                Rois = parsed.GetValue(Roi) ?? [],
                JsonPath = parsed.GetValue(Json),
                OverlayFolder = parsed.GetValue(Overlay),
                Stream = parsed.GetValue(Stream),
                Quiet = parsed.GetValue(Quiet),
                InFlight = parsed.GetValue(InFlight) ?? defaults.InFlight,
                Timeout = parsed.GetValue(Timeout) is { } seconds ? TimeSpan.FromSeconds(seconds) : defaults.Timeout,
            };
        }
    }
}
