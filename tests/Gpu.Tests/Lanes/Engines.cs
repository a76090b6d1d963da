using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Inference.Gpu;
using YMaskNet.Inference.Gpu.Devices;
using YMaskNet.Testing;

namespace YMaskNet.Gpu.Tests.Lanes;

/// <summary>Engines over one folder of models: on the stand-in's device, and on the CPU to compare with.</summary>
internal sealed class Engines : IDisposable
{
    private readonly string _models;
    private readonly bool _ownsModels;
    private readonly List<InspectionEngine> _started = [];

    /// <summary>Over all the tiny models.</summary>
    public Engines()
    {
        _models = Directory.CreateTempSubdirectory("ymasknet-models-").FullName;
        _ownsModels = true;
        TestModels.WriteAll(_models);
    }

    /// <summary>Over models that are there.</summary>
    public Engines(string models) => _models = models;

    /// <summary>A device of the stand-in, and networks that run in its streams.</summary>
    public static GpuSupport StandIn => new(
        () => GpuDetection.Usable([new GpuDevice(0, "stand-in", new Version(9, 0), 8ul << 30)]), new StandInNetworkProvider());

    /// <summary>Starts one on the CPU.</summary>
    public InspectionEngine OnCpu() => Start(DeviceChoice.Cpu, StandIn, NullLoggerFactory.Instance, maxBatch: 1);

    /// <summary>Starts one on the stand-in's device.</summary>
    /// <param name="maxBatch">Most images of a batch.</param>
    /// <param name="arenaBytes">Memory of a batch's masks to begin with.</param>
    /// <param name="loggers">Where it logs.</param>
    /// <param name="networks">Where its networks run, if it matters.</param>
    public InspectionEngine OnGpu(
        int maxBatch = 1, int arenaBytes = GpuLaneSettings.UsualArenaBytes, ILoggerFactory? loggers = null, StandInNetworkProvider? networks = null)
    {
        GpuSupport gpus = StandIn with { ArenaBytes = arenaBytes, Networks = networks ?? new StandInNetworkProvider() };
        return Start(DeviceChoice.Cuda(0), gpus, loggers ?? NullLoggerFactory.Instance, maxBatch);
    }

    /// <summary>Lets every model's nodes run on the CPU.</summary>
    public void AllowCpuFallback()
    {
        foreach (string path in Directory.EnumerateFiles(_models, "model.json", SearchOption.AllDirectories))
        {
            JsonNode manifest = JsonNode.Parse(File.ReadAllText(path))!;
            manifest["allowCpuFallback"] = true;
            File.WriteAllText(path, manifest.ToJsonString());
        }
    }

    public void Dispose()
    {
        foreach (InspectionEngine engine in _started)
            engine.DisposeAsync().AsTask().GetAwaiter().GetResult();
        if (_ownsModels)
            Directory.Delete(_models, recursive: true);
    }

    public static RawImage Raw(BlobBoard board) => new(board.Pixels, PixelFormat.Mono8, board.Width, board.Height);

    private InspectionEngine Start(DeviceChoice device, GpuSupport gpus, ILoggerFactory loggers, int maxBatch)
    {
        EngineOptions options = new()
        {
            ModelsDirectory = _models,
            Device = device,
            Lanes = 1,
            IntraOpThreads = 1,
            Precision = new PerModel<PrecisionChoice>(PrecisionChoice.Fp32),
            MaxBatch = new PerModel<int>(maxBatch),
            MaxBatchDelay = new PerModel<TimeSpan>(maxBatch > 1 ? TimeSpan.FromMilliseconds(20) : TimeSpan.Zero),
        };
        InspectionEngine engine =
            InspectionEngine.StartAsync(options, gpus, loggers, CancellationToken.None).GetAwaiter().GetResult();
        _started.Add(engine);
        return engine;
    }
}
