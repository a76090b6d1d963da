using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Timing;
using YMaskNet.Perf.Gpu.Torchvision;
using YMaskNet.Testing;

namespace YMaskNet.Gpu.Tests.Check;

/// <summary>That everything is timed on right data; the stand-in's times themselves mean nothing.</summary>
public class TimingTests
{
    private const string Python = "/usr/bin/python3";

    [Fact]
    public void KernelTimings_TinyModels_EveryKernelAroundTheNetworksHasATimeAndAFloor() => DriverProcess.Passes(static () =>
    {
        string folder = Directory.CreateTempSubdirectory("ymasknet-models-").FullName;
        try
        {
            TestModels.WriteAll(folder);
            using DeviceMachine machine = new(0);
            using KernelTimer timer = new(machine, rounds: 2, flushBytes: 1 << 20);
            Bandwidths bandwidths = Bandwidths.Measure(machine, rounds: 2, bytes: 1 << 20);

            IReadOnlyList<KernelTime> times = KernelTimings.Run(
                machine, ModelPackage.ReadAll(folder).Select(package => package.Manifest), [1, 2], timer, bandwidths);

            Assert.True(bandwidths is { Device: > 0, ToDevice: > 0, ToHost: > 0 }, bandwidths.ToString());
            Assert.All(times, time => Assert.True(time is { Microseconds: > 0, Bytes: > 0, FloorMicroseconds: > 0 }, time.ToString()));
            string[] kernels =
            [
                "letterbox", "decode_anchors", "sort_candidates", "suppress", "list_regions", "roi_align_f32_f32 of p2",
                "roi_align_f32_f32 of the image", "refine_regions", "place_masks", "paste_masks",
            ];
            Assert.Equal(kernels, times.Where(time => time is { Model: "tiny-ymasknet/1", Batch: 2 }).Select(time => time.Kernel));
            Assert.Equal(["letterbox", "class_map"], times.Where(time => time is { Model: "tiny-semantic/1", Batch: 1 }).Select(time => time.Kernel));

            // A network pixel takes a byte of the frame and four of the input; the masks are there to be pasted.
            Assert.Equal(2 * 5 * 64 * 64, times.Single(time => time is { Model: "tiny-ymasknet/1", Batch: 2, Kernel: "letterbox" }).Bytes);
            long pasted = times.Single(time => time is { Model: "tiny-ymasknet/1", Batch: 2, Kernel: "paste_masks" }).Bytes;
            long placed = times.Single(time => time is { Model: "tiny-ymasknet/1", Batch: 2, Kernel: "place_masks" }).Bytes;
            Assert.True(pasted > placed, "There were no masks to paste.");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    });

    [Fact]
    public void Torchvision_OnTheCpu_GivesTheKernelsResults()
    {
        Assert.SkipUnless(HasTorchvision(), $"skipped: {Python} has no torchvision");
        DriverProcess.Passes(static () =>
        {
            using DeviceMachine machine = new(0);
            using TorchvisionTimings timings = new(machine);

            TorchvisionVerdict verdict = timings.Run(Python, "cpu", rounds: 1, iterations: 1);

            Assert.Empty(verdict.Failures);
            Assert.Equal(2, verdict.Times.Count);
            Assert.All(verdict.Times, time => Assert.True(time is { OurMicroseconds: > 0, TorchvisionMicroseconds: > 0 }, time.ToString()));
        });
    }

    [Theory]
    [InlineData(new[] { 3.0 }, 3.0)]
    [InlineData(new[] { 5.0, 1.0, 3.0 }, 3.0)]
    [InlineData(new[] { 4.0, 1.0, 2.0, 100.0 }, 3.0)]
    public void Medians_OfOddAndEvenNumbers(double[] values, double expected) => Assert.Equal(expected, Medians.Of(values));

    private static bool HasTorchvision()
    {
        if (!File.Exists(Python))
            return false;
        using System.Diagnostics.Process process = System.Diagnostics.Process.Start(Python, ["-c", "import numpy, torchvision"]);
        process.WaitForExit();
        return process.ExitCode == 0;
    }
}
