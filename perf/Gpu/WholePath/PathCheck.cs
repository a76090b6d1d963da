using YMaskNet.Inference;
using YMaskNet.Inference.Models;
using YMaskNet.Perf.Gpu.Machines;
using YMaskNet.Perf.Gpu.Timing;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>Images in, answers out: right answers first, then copies, then speed.</summary>
internal static class PathCheck
{
    /// <summary>Runs all parts.</summary>
    /// <param name="setup">The models, images and device.</param>
    /// <param name="plan">How much.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public static async Task<PathVerdict> RunAsync(PathSetup setup, PathPlan plan, CancellationToken cancellationToken)
    {
        try
        {
            IReadOnlyList<AgreementVerdict> agreements = await AgreementCheck.RunAsync(setup, cancellationToken);
            IReadOnlyList<PlacementVerdict> placements = await PlacementCheck.RunAsync(setup, plan.ExecutionProvider, cancellationToken);
            List<CopyVerdict> copies = [];
            List<ThroughputFigure> figures = [];
            foreach (int batch in plan.Batches)
            {
                IReadOnlyList<CopyVerdict> ofBatch = await CopyCheck.RunAsync(setup, batch, cancellationToken);
                copies.AddRange(ofBatch);
                figures.AddRange(await ThroughputAsync(setup, plan, batch, ofBatch, cancellationToken));
            }

            return new PathVerdict(agreements, placements, copies, figures, []);
        }
        catch (Exception exception) when (exception is ModelPackageException or InspectionException or InvalidDataException)
        {
            return new PathVerdict([], [], [], [], [exception.Message]);
        }
    }

    private static async Task<IReadOnlyList<ThroughputFigure>> ThroughputAsync(
        PathSetup setup, PathPlan plan, int batch, IReadOnlyList<CopyVerdict> copies, CancellationToken cancellationToken)
    {
        List<ThroughputFigure> figures = [];
        await using InspectionEngine engine = await setup.StartOnGpuAsync(batch, gathersBatches: false, cancellationToken);
        InspectionModel model = engine.GetModel(plan.Model);
        CopyTimes times = MeasureCopies(setup.Device.Gpu!.Value, copies.Single(entry => entry.Model == model.Manifest.Reference));
        foreach (int factor in plan.InHandPerBatch)
            figures.Add(await Throughput.RunAsync(setup, model, batch, factor * batch, plan.Time, times, cancellationToken));
        return figures;
    }

    private static CopyTimes MeasureCopies(int device, CopyVerdict copies)
    {
        const int Rounds = 20;

        // Of this thread alone: what was awaited may have gone on with another.
        using DeviceMachine machine = new(device);
        using KernelTimer timer = new(machine, Rounds, flushBytes: 0);
        return CopyTimes.Measure(machine, timer, copies.Copies);
    }
}

/// <summary>How much of the path is checked.</summary>
/// <param name="Model">The model whose speed is measured; empty: the default one.</param>
/// <param name="Batches">Most images of a batch.</param>
/// <param name="InHandPerBatch">Inspections in hand, as multiples of the batch.</param>
/// <param name="Time">How long each figure is measured.</param>
/// <param name="ExecutionProvider">ONNX Runtime's name of the provider that has to run every node.</param>
internal sealed record PathPlan(string Model, IReadOnlyList<int> Batches, IReadOnlyList<int> InHandPerBatch, TimeSpan Time, string ExecutionProvider);

/// <summary>What became of the whole path.</summary>
/// <param name="Agreements">By model.</param>
/// <param name="Placements">By network.</param>
/// <param name="Copies">By model and batch.</param>
/// <param name="Throughputs">By batch and inspections in hand.</param>
/// <param name="Failures">Why a part could not run at all.</param>
internal sealed record PathVerdict(
    IReadOnlyList<AgreementVerdict> Agreements,
    IReadOnlyList<PlacementVerdict> Placements,
    IReadOnlyList<CopyVerdict> Copies,
    IReadOnlyList<ThroughputFigure> Throughputs,
    IReadOnlyList<string> Failures)
{
    /// <summary>Everything that is wrong.</summary>
    public IEnumerable<string> AllFailures() => Failures
        .Concat(Agreements.SelectMany(verdict => verdict.Failures))
        .Concat(Placements.SelectMany(verdict => verdict.Failures))
        .Concat(Copies.SelectMany(verdict => verdict.Failures));
}
