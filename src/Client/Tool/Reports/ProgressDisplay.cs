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

    /// <summary>A bar for one board: how much of it has been sent, which is never far ahead of what has been inspected.</summary>
    /// <param name="console">Where the bar goes; none is shown unless it is interactive.</param>
    /// <param name="work">The work; it reports to its argument.</param>
    public static async Task<T> RunBoardAsync<T>(IAnsiConsole console, Func<IProgress<BoardProgress>?, Task<T>> work)
    {
        if (!console.Profile.Capabilities.Interactive || !console.Profile.Capabilities.Ansi)
            return await work(null);

        return await console.Progress()
            .AutoClear(true)
            .Columns(new TaskDescriptionColumn(), new ProgressBarColumn(), new PercentageColumn(), new RemainingTimeColumn())
            .StartAsync(context =>
            {
                ProgressTask board = context.AddTask("Inspecting");
                return work(new Progress<BoardProgress>(progress =>
                {
                    board.MaxValue = progress.TotalBytes;
                    board.Value = progress.SentBytes;
                }));
            });
    }
}
