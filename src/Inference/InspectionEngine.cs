using System.Globalization;
using ManagedCuda;
using Microsoft.Extensions.Logging;
using Microsoft.ML.OnnxRuntime;
using YMaskNet.Inference.Batching;
using YMaskNet.Inference.Cpu;
using YMaskNet.Inference.Gpu;
using YMaskNet.Inference.Gpu.Devices;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference;

/// <summary>Holds the loaded models. Safe for calls from many threads at once; disposing it lets inspections in hand finish.</summary>
public sealed class InspectionEngine : IAsyncDisposable
{
    private InspectionEngine(IReadOnlyList<InspectionModel> models, InspectionModel defaultModel)
    {
        Models = models;
        DefaultModel = defaultModel;
        DeviceLost = Task.WhenAny(models.Select(model => model.DeviceLost));
    }

    /// <summary>All models and versions, by name, then by version.</summary>
    public IReadOnlyList<InspectionModel> Models { get; }

    /// <summary>The model of requests that name none.</summary>
    public InspectionModel DefaultModel { get; }

    /// <summary>Ends when a model has lost the device that it ran on, which refuses all its inspections; for most engines never.</summary>
    public Task DeviceLost { get; }

    /// <summary>
    /// Loads all packages: compares files with their digests and networks with their manifests, runs each network once, and
    /// inspects the golden images that a package has.
    /// </summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names it and the range.</exception>
    /// <exception cref="DeviceUnavailableException">The models can't run on the device that they are to run on.</exception>
    /// <exception cref="ModelPackageException">A package is missing, broken, or gives other results than its goldens.</exception>
    public static Task<InspectionEngine> StartAsync(EngineOptions options, ILoggerFactory loggers, CancellationToken cancellationToken) =>
        StartAsync(options, GpuSupport.OfMachine(options.CudaGraphs), loggers, cancellationToken);

    /// <inheritdoc cref="StartAsync(EngineOptions, ILoggerFactory, CancellationToken)"/>
    internal static async Task<InspectionEngine> StartAsync(
        EngineOptions options, GpuSupport gpus, ILoggerFactory loggers, CancellationToken cancellationToken)
    {
        options.Validate();
        ILogger logger = loggers.CreateLogger<InspectionEngine>();
        List<InspectionModel> models = [];
        try
        {
            IReadOnlyList<ModelPackage> packages =
                await Task.Run(() => ModelPackage.ReadAll(options.ModelsDirectory), cancellationToken).ConfigureAwait(false);
            options.CheckModelNames([.. packages.Select(package => package.Manifest.Name)]);
            GpuDevice? gpu = DeviceSelection.Choose(options.Device, gpus.Detect, logger);
            foreach (ModelPackage package in packages)
            {
                cancellationToken.ThrowIfCancellationRequested();
                InspectionModel model = await Task.Run(() => Load(package, options, gpu, gpus, logger), cancellationToken).ConfigureAwait(false);
                models.Add(model);
                await GoldenCheck.RunAsync(package, model, cancellationToken).ConfigureAwait(false);
                ModelLog.Loaded(logger, model.Manifest.Reference, model.Sha256, model.Precision, model.ExecutionProvider, model.Device, gpu is null ? options.ResolvedLanes : options.ResolvedGpuLanes);
            }

            return new InspectionEngine(models, ChooseDefault(models, options));
        }
        catch
        {
            await StopAsync(models).ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Finds a model.</summary>
    /// <param name="reference"><c>name</c> (the highest version), <c>name/version</c>, or empty for the default model.</param>
    /// <exception cref="InspectionException">The reference is malformed, or there is no such model.</exception>
    public InspectionModel GetModel(string reference) => reference.Length == 0 ? DefaultModel : Find(Models, reference);

    /// <summary>Lets the inspections in hand finish, refuses others, and frees the models.</summary>
    public async ValueTask DisposeAsync() => await StopAsync(Models).ConfigureAwait(false);

    private static InspectionModel Load(ModelPackage read, EngineOptions options, GpuDevice? gpu, GpuSupport gpus, ILogger logger)
    {
        // Of 8-bit networks a GPU makes floating-point ones.
        ModelPackage package = read.In(PrecisionSelection.Choose(
            read, options.Precision.Of(read.Manifest.Name), gpu is null && Int8DotProduct.IsSupported));
        package.CheckOtherNetworks();
        BatchLimits batch = options.BatchOf(package.Manifest.Name);
        LaneScheduler scheduler = gpu is null
            ? CpuLanes(package, options, batch, logger)
            : GpuLanes(package, options, batch, gpus.SettingsOf(gpu, batch.MaxSize), logger);
        Admission admission = new(
            scheduler.Capacity + options.QueueCapacity, package.Manifest.Reference, () => scheduler.ExpectedWait);
        return new InspectionModel(package, scheduler, admission, options.FrameLimits, options.SharedMemory);
    }

    private static LaneScheduler CpuLanes(ModelPackage package, EngineOptions options, BatchLimits batch, ILogger logger)
    {
        Func<ILane> create = () => new CpuLane(package, options.ResolvedIntraOpThreads, options.ResolvedLanes, batch.MaxSize);
        return Lanes(package.Manifest, create, options.ResolvedLanes, batch, logger);
    }

    private static LaneScheduler GpuLanes(
        ModelPackage package, EngineOptions options, BatchLimits batch, GpuLaneSettings settings, ILogger logger)
    {
        Func<ILane> create = () => new GpuLane(package, settings, logger);
        try
        {
            return Lanes(package.Manifest, create, options.ResolvedGpuLanes, batch, logger);
        }
        catch (Exception exception) when (exception is CudaException or OnnxRuntimeException or InspectionException)
        {
            throw new DeviceUnavailableException(
                DeviceChoice.Cuda(settings.Device).ToString(), $"the model {package.Manifest.Reference}: {exception.Message}", exception);
        }
    }

    private static LaneScheduler Lanes(ModelManifest manifest, Func<ILane> create, int count, BatchLimits batch, ILogger logger) => new(
        [.. Enumerable.Repeat(create, count)], batch.MaxDelay, manifest.Semantic is not null, manifest.Reference, logger);

    private static InspectionModel ChooseDefault(List<InspectionModel> models, EngineOptions options)
    {
        if (string.IsNullOrEmpty(options.DefaultModel))
        {
            InspectionModel first = models.Find(model => model.Manifest.Tasks.Contains(InspectionTask.DetectAndSegment)) ?? models[0];
            return Find(models, first.Manifest.Name);
        }

        try
        {
            return Find(models, options.DefaultModel);
        }
        catch (InspectionException exception)
        {
            throw new ModelPackageException(options.ModelsDirectory, $"the default model is not there: {exception.Message}", exception);
        }
    }

    private static InspectionModel Find(IReadOnlyList<InspectionModel> models, string reference)
    {
        (string name, int? version) = ParseReference(reference);

        // Models are ordered by version, so that the last is the highest.
        return models.LastOrDefault(model => model.Manifest.Name == name && (version is null || model.Manifest.Version == version))
            ?? throw new InspectionException(
                InspectionErrorKind.NotFound,
                "MODEL_NOT_FOUND",
                $"There is no model '{reference}'; there are {string.Join(", ", models.Select(model => model.Manifest.Reference))}.",
                "model");
    }

    private static (string Name, int? Version) ParseReference(string reference)
    {
        string[] parts = reference.Split('/');
        if (parts.Length == 1 && parts[0].Length > 0)
            return (parts[0], null);
        if (parts.Length == 2 && parts[0].Length > 0
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out int version) && version > 0)
        {
            return (parts[0], version);
        }

        throw new InspectionException(
            InspectionErrorKind.InvalidArgument,
            "MODEL_REFERENCE_INVALID",
            $"'{reference}' is not a model reference; write 'name' or 'name/version', the version a positive whole number.",
            "model");
    }

    private static Task StopAsync(IEnumerable<InspectionModel> models) => Task.WhenAll(models.Select(model => model.StopAsync()));
}
