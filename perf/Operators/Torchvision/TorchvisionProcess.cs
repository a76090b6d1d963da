using System.Diagnostics;
using System.Globalization;

namespace YMaskNet.Perf.Operators.Torchvision;

/// <summary>A Python process that runs torchvision's operators on request.</summary>
internal sealed class TorchvisionProcess : IDisposable
{
    private readonly Process _process;

    /// <param name="python">The interpreter.</param>
    /// <param name="folder">The data.</param>
    /// <param name="device">PyTorch's name of what it runs on: <c>cpu</c>, with one thread, or <c>cuda:0</c>.</param>
    /// <exception cref="InvalidOperationException">The process did not start, for example because torchvision is missing.</exception>
    public TorchvisionProcess(string python, string folder, string device = "cpu")
    {
        ProcessStartInfo start = new(python)
        {
            ArgumentList = { Path.Combine(AppContext.BaseDirectory, "Torchvision", "operators.py"), folder, device },
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        _process = Process.Start(start) ?? throw new InvalidOperationException($"{python} did not start.");
        Version = ReadLine();
    }

    /// <summary>PyTorch's version.</summary>
    public string Version { get; }

    /// <summary>Seconds of one iteration.</summary>
    public double Time(string operation, int iterations)
    {
        _process.StandardInput.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{operation} {iterations}"));
        return double.Parse(ReadLine(), CultureInfo.InvariantCulture);
    }

    public void Dispose()
    {
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
    }

    private string ReadLine() =>
        _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException("torchvision's process ended; what it wrote above says why.");
}
