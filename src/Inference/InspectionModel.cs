using System.Diagnostics;
using System.Runtime.CompilerServices;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Placement;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference;

/// <summary>A loaded model. Safe for calls from many threads at once.</summary>
public sealed class InspectionModel
{
    private readonly LaneScheduler _scheduler;
    private readonly Admission _admission;
    private readonly FrameLimits _frameLimits;
    private readonly ISharedMemory? _sharedMemory;

    internal InspectionModel(
        ModelPackage package, LaneScheduler scheduler, Admission admission, FrameLimits frameLimits, ISharedMemory? sharedMemory)
    {
        Manifest = package.Manifest;
        Sha256 = package.ManifestSha256;
        Files = package.DescribeFiles();
        Precision = package.Precision;
        _scheduler = scheduler;
        _admission = admission;
        _frameLimits = frameLimits;
        _sharedMemory = sharedMemory;
    }

    /// <summary>What the package's <c>model.json</c> says.</summary>
    public ModelManifest Manifest { get; }

    /// <summary>SHA-256 of <c>model.json</c>, which holds the digests of all files: 64 lower-case hexadecimal digits.</summary>
    public string Sha256 { get; }

    /// <summary>The networks' files.</summary>
    public IReadOnlyList<ModelFileInfo> Files { get; }

    /// <summary>What its networks compute in.</summary>
    public ModelPrecision Precision { get; }

    /// <summary>ONNX Runtime's execution provider that runs it.</summary>
    public string ExecutionProvider => _scheduler.ExecutionProvider;

    /// <summary>The device that it runs on, for example <c>cpu</c>.</summary>
    public string Device => _scheduler.Device;

    /// <summary>Where each node of its networks, and each operator around them, runs.</summary>
    public ModelPlacement Placement => _scheduler.Placement;

    /// <summary>Ends when it has lost its device; for most models never.</summary>
    internal Task DeviceLost => _scheduler.DeviceLost;

    /// <summary>How many inspections its lanes run at once.</summary>
    public int InspectionsAtOnce => _scheduler.Capacity;

    /// <summary>Whether it segments whole images rather than finding instances.</summary>
    public bool IsSemantic => Manifest.Semantic is not null;

    /// <summary>Refuses what an inspection would be refused for before its image is looked at.</summary>
    /// <exception cref="InspectionException">The model can't do the task, or a filter is out of range.</exception>
    public void Check(InspectionTask task, DetectionFilter filter) => InspectionPlan.Create(Manifest, task, filter);

    /// <summary>
    /// Inspects an image. Decoding happens on the calling thread, before the first wait; the networks run on a lane's. The task
    /// is to be awaited once: its memory serves later inspections.
    /// </summary>
    /// <param name="request">The image and what to do with it.</param>
    /// <param name="cancellationToken">Ends the inspection between two stages; one that waits for a lane is taken out at once.</param>
    /// <exception cref="InspectionException">The request is refused; the model goes on.</exception>
    /// <exception cref="OperationCanceledException">Cancelled.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<InspectionResult> InspectAsync(InspectionRequest request, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        InspectionPlan plan = InspectionPlan.Create(Manifest, request.Task, request.Filter);
        RegionPlan.Check(Manifest, request.Task, request.RegionsOfInterest);
        ResultBuilder.CheckFormat(request.MaskFormat);
        ResultBuilder.CheckMinRegionArea(Manifest, request.MinRegionArea);

        using Admission.Place place = await _admission.EnterAsync(request.Flow, request.WhenQueueIsFull, cancellationToken).ConfigureAwait(false);
        if (request.Deadline is { HasPassed: true })
            throw InspectionJob.DeadlinePassed();
        long decodeStart = Stopwatch.GetTimestamp();
        using Frame frame = FrameDecoder.Decode(request.Image, _frameLimits, _sharedMemory, cancellationToken);
        RegionOutline[] outlines = RegionPlan.Place(Manifest, request.RegionsOfInterest, frame.Width, frame.Height);
        TimeSpan decode = Stopwatch.GetElapsedTime(decodeStart);

        JobTurn turn = new(request.Flow, request.Priority, request.Deadline);
        InspectionJob job = new(frame, plan, outlines, turn, cancellationToken);
        using LaneResult found = await _scheduler.RunAsync(job).ConfigureAwait(false);

        long resultsStart = Stopwatch.GetTimestamp();
        Findings findings = ResultBuilder.Build(Manifest, request, frame.Width, frame.Height, found);
        return new InspectionResult
        {
            ImageWidth = frame.Width,
            ImageHeight = frame.Height,
            Defects = findings.Defects,
            Regions = findings.Regions,
            ClassMapPng = findings.ClassMapPng,
            Classes = findings.Classes,
            ExecutionProvider = _scheduler.ExecutionProvider,
            Device = _scheduler.Device,
            Precision = Precision,
            Times = new StageTimes
            {
                Decode = decode,
                Queue = job.Queued,
                Preprocess = found.Times.Preprocess,
                Stage1 = found.Times.Stage1,
                Detection = found.Times.Detection,
                RoiAlign = found.Times.RoiAlign,
                Stage2 = found.Times.Stage2,
                Segmentation = found.Times.Segmentation,
                Results = Stopwatch.GetElapsedTime(resultsStart),
                Total = Stopwatch.GetElapsedTime(start),
            },
        };
    }

    /// <summary>Lets the inspections in hand finish, refuses others, and frees the lanes.</summary>
    internal async Task StopAsync()
    {
        await _admission.CloseAsync().ConfigureAwait(false);
        _scheduler.Dispose();
    }
}
