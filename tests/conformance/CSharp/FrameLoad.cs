using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using YMaskNet.Client;
using YMaskNet.V1;
using Task = System.Threading.Tasks.Task;

namespace YMaskNet.Conformance.CSharp;

/// <summary>Many raw frames through one session: resident memory over them, or how many there are a second.</summary>
internal sealed class FrameLoad(string address, string model, string pixels, int width, int height)
{
    private static readonly int[] Marks = [10, 50, 100];

    private readonly ImageInput _image = ImageInput.FromRaw(File.ReadAllBytes(pixels), PixelFormat.Mono8, width, height);

    /// <summary>Prints one line of JSON with the resident memory when 10, 50 and 100 per cent are answered.</summary>
    public async Task SoakAsync(int frames)
    {
        Dictionary<string, long> resident = [];
        long begun = Stopwatch.GetTimestamp();
        ulong answered = 0;
        await foreach (FrameResult result in InspectAsync(number => number < (ulong)frames))
        {
            if (result.FrameId != answered || result.Error is not null)
                throw new InvalidOperationException($"Frame {answered} was answered with {result}.");
            answered++;
            foreach (int mark in Marks)
            {
                if (answered == (ulong)frames * (ulong)mark / 100)
                    resident[$"{mark}"] = Environment.WorkingSet >> 10;
            }
        }

        Print(new { frames, seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds, resident_kib = resident });
    }

    /// <summary>Prints one line of JSON with how many frames were answered a second, and the processor time.</summary>
    public async Task RateAsync(TimeSpan time)
    {
        long begun = Stopwatch.GetTimestamp();
        TimeSpan busy = Environment.CpuUsage.TotalTime;
        long answered = 0;
        await foreach (FrameResult _ in InspectAsync(_ => Stopwatch.GetElapsedTime(begun) < time))
            answered++;
        double seconds = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        double cpuSeconds = (Environment.CpuUsage.TotalTime - busy).TotalSeconds;
        Print(new { frames = answered, seconds, per_second = answered / seconds, cpu_seconds = cpuSeconds });
    }

    private async IAsyncEnumerable<FrameResult> InspectAsync(Func<ulong, bool> goesOn)
    {
        using InspectionClient client = InspectionClient.Connect(address);
        await using InspectionSession session = await client.OpenSessionAsync(
            new SessionOptions { Task = V1.Task.DetectAndSegment, Inspection = new InspectionOptions { Model = model } });
        await foreach (FrameResult result in session.InspectAsync(FramesAsync(goesOn)))
            yield return result;
    }

    private async IAsyncEnumerable<Frame> FramesAsync(
        Func<ulong, bool> goesOn, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        for (ulong number = 0; goesOn(number) && !cancellationToken.IsCancellationRequested; number++)
            yield return _image.ToFrame(number);
        await Task.CompletedTask;
    }

    private static void Print<T>(T figures) => Console.WriteLine(JsonSerializer.Serialize(figures));
}
