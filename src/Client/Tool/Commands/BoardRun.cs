using Grpc.Core;
using Spectre.Console;
using YMaskNet.Client.Tool.Images;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.Client.Tool.Reports;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Commands;

/// <summary>One run of <c>ymasknet board</c>.</summary>
internal static class BoardRun
{
    public static async Task<int> RunAsync(BoardRunSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        string path = settings.Inspect.Paths[0];
        if (!File.Exists(path))
            throw new UsageException($"There is no file {path}.");

        using InspectionClient client = settings.Inspect.Connection.Open();
        Model model = await client.GetModelAsync(settings.Inspect.Inspection.Model, cancellationToken);
        if (settings.Inspect.Task == TaskChoice.Segment && model.Tasks.Contains(V1.Task.Detect))
            throw new UsageException("Boards take no boxes to outline: with this model, use --task detect or --task both.");
        InspectionPlan plan = InspectionPlan.Choose(model, settings.Inspect);
        using Stream? pixels = settings.Raw is null ? null : OpenPixels(path, settings.Raw);
        BoardInput board = settings.Raw is { } raw
            ? BoardInput.FromRowStream(pixels!, raw.Width, raw.Height, raw.Format)
            : BoardInput.FromFile(path);

        IAnsiConsole console = terminal.OpenConsole(settings.Inspect.JsonPath == InspectSettings.StandardOutput);
        using JsonReport? json = JsonReport.Open(settings.Inspect.JsonPath, terminal.Out, plan);
        RunSummary summary = new(TimeProvider.System);
        summary.Start();
        BoardOptions options = new() { Task = plan.Task, Inspection = plan.Options, Overlap = settings.Overlap, Timeout = settings.Timeout };
        (ImageOutcome outcome, BoardTiling? tiling) = await ProgressDisplay.RunBoardAsync(
            console, progress => InspectAsync(client, new ImageFile(path, Path.GetFileName(path)), board, options, progress, cancellationToken));
        summary.Stop();

        summary.Add(outcome);
        if (!settings.Inspect.Quiet || outcome is FailedImage)
            OutcomeTable.Write(console, outcome, number: 1, count: 1);
        if (tiling is not null)
            console.WriteLine($"{Plural.Of(tiling.TileCount, "tile")} of {tiling.TileSize.Width} x {tiling.TileSize.Height}, overlap {tiling.Overlap}");
        json?.Write(outcome);
        summary.Write(console);
        return outcome is FailedImage ? ExitCode.Failed : ExitCode.Success;
    }

    private static async Task<(ImageOutcome Outcome, BoardTiling? Tiling)> InspectAsync(
        InspectionClient client,
        ImageFile file,
        BoardInput board,
        BoardOptions options,
        IProgress<BoardProgress>? progress,
        CancellationToken cancellationToken)
    {
        try
        {
            InspectBoardResponse answer = await client.InspectBoardAsync(board, options, progress, cancellationToken);
            InspectedImage image = new(file, answer.ImageSize, answer.Model, answer.Defects, answer.Regions, answer.Execution.Times);
            return (ImageInspector.Checked(image), answer.Tiling);
        }
        catch (InspectionFailedException exception) when (exception.StatusCode != StatusCode.Unavailable)
        {
            return (FailedImage.From(file, exception), null);
        }
        catch (Exception exception) when (ImageInspector.IsUnreadable(exception))
        {
            return (FailedImage.Unreadable(file, exception), null);
        }
    }

    private static FileStream OpenPixels(string path, RawLayout raw)
    {
        FileStream pixels = new(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        long expected = BoardInput.FromRowStream(pixels, raw.Width, raw.Height, raw.Format).TotalBytes;
        if (pixels.Length == expected)
            return pixels;

        long length = pixels.Length;
        pixels.Dispose();
        throw new UsageException($"{path} has {length} bytes; {raw.Width} x {raw.Height} {raw.Format} pixels have {expected}.");
    }
}
