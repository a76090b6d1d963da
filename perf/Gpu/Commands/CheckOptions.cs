using System.CommandLine;

namespace YMaskNet.Perf.Gpu.Commands;

/// <summary>Options that several commands have.</summary>
internal static class CheckOptions
{
    public static Option<int> Device() => new("--device") { Description = "The GPU, as the driver numbers them from 0.", DefaultValueFactory = _ => 0 };

    public static Option<string> Out() => new("--out") { Description = "Folder for what is found.", DefaultValueFactory = _ => "out/gpu-check" };

    public static Option<string> Models() => new("--models") { Description = "Folder of the model packages.", DefaultValueFactory = _ => "models" };

    public static Option<int> Rounds() => new("--rounds") { Description = "Rounds, of which the median counts.", DefaultValueFactory = _ => 100 };

    public static Option<int[]> Batches() => new("--batches")
    {
        Description = "Images of the batches.",
        AllowMultipleArgumentsPerToken = true,
        DefaultValueFactory = _ => [1, 4, 16],
    };
}
