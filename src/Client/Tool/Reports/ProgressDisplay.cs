using Spectre.Console;

namespace YMaskNet.Client.Tool.Reports;

/// <summary>A progress bar under the output, for a person who watches more than one image being inspected.</summary>
internal static class ProgressDisplay
{
    /// <param name="console">Where the bar goes; none is shown unless it is interactive.</param>
    /// <param name="imageCount">Number of images.</param>
    /// <param name="work">The work; it calls its argument after each image.</param>
    public static Task RunAsync(IAnsiConsole console, int imageCount, Func<Action, Task> work)
    {
        if (imageCount < 2 || !console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
            return work(() => { });

        return console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                ProgressTask images = context.AddTask("Inspecting", maxValue: imageCount);
                return work(() => images.Increment(1));
            });
    }
}
