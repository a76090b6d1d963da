using Spectre.Console;
using YMaskNet.Client.Tool.Images;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.Client.Tool.Overlays;
using YMaskNet.Client.Tool.Reports;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Commands;

/// <summary>One run of <c>ymasknet inspect</c>.</summary>
internal static class InspectRun
{
    public static async Task<int> RunAsync(InspectSettings settings, Terminal terminal, CancellationToken cancellationToken)
    {
        IReadOnlyList<ImageFile> files = ImageFiles.Find(settings.Paths);
        using InspectionClient client = settings.Connection.Open(settings.Timeout);
        Model model = await client.GetModelAsync(settings.Inspection.Model, cancellationToken);
        InspectionPlan plan = InspectionPlan.Choose(model, settings);

        bool jsonToOut = settings.JsonPath == InspectSettings.StandardOutput;
        IAnsiConsole console = terminal.OpenConsole(jsonToOut);
        using JsonReport? json = JsonReport.Open(settings.JsonPath, terminal.Out, plan);
        OverlayFolder? overlays = settings.OverlayFolder is { } folder ? OverlayFolder.Create(folder, files) : null;
        RunSummary summary = new(TimeProvider.System);
        int overlayFailures = 0;

        ImageInspector inspector = settings.Stream
            ? new SessionInspector(client, plan, settings.InFlight)
            : new UnaryInspector(client, plan, settings.InFlight);
        await ProgressDisplay.RunAsync(console, files.Count, async advance =>
        {
            summary.Start();
            await foreach (ImageOutcome outcome in inspector.InspectAsync(files, cancellationToken))
            {
                summary.Add(outcome);
                if (!settings.Quiet || outcome is FailedImage)
                    OutcomeTable.Write(console, outcome, summary.ImageCount, files.Count);
                json?.Write(outcome);
                if (outcome is InspectedImage inspected && !TryWrite(overlays, inspected, terminal))
                    overlayFailures++;
                advance();
            }

            summary.Stop();
        });

        summary.Write(console);
        if (overlays is not null)
            console.WriteLine($"Overlays: {overlays.Path}");
        return summary.FailedCount + overlayFailures > 0 ? ExitCode.Failed : ExitCode.Success;
    }

    private static bool TryWrite(OverlayFolder? overlays, InspectedImage image, Terminal terminal)
    {
        try
        {
            overlays?.Write(image);
            return true;
        }
        catch (OverlayException exception)
        {
            terminal.WriteError(exception.Message);
            return false;
        }
    }
}
