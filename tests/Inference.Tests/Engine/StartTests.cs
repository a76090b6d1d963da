using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging.Abstractions;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;
using YMaskNet.Testing;
using YMaskNet.Testing.Onnx;

namespace YMaskNet.Inference.Tests.Engine;

public sealed class StartTests
{
    [Fact]
    public async Task StartAsync_SeveralModels_ListsThemAndTakesTheInstanceModelAsDefault()
    {
        using TemporaryModels models = TemporaryModels.WithAll();
        TestModels.WriteYMaskNet(models.Directory, version: 12);

        await using InspectionEngine engine = await Start(models.Options);

        Assert.Equal(
            ["tiny-semantic/1", "tiny-ymasknet/1", "tiny-ymasknet/12", "tiny-yolov5/1"],
            engine.Models.Select(model => model.Manifest.Reference));
        Assert.Equal("tiny-ymasknet/12", engine.DefaultModel.Manifest.Reference);
        Assert.Same(engine.DefaultModel, engine.GetModel(""));
        Assert.Same(engine.DefaultModel, engine.GetModel("tiny-ymasknet"));
        Assert.Equal("tiny-ymasknet/1", engine.GetModel("tiny-ymasknet/1").Manifest.Reference);
    }

    [Fact]
    public async Task StartAsync_DefaultModelGiven_TakesIt()
    {
        using TemporaryModels models = TemporaryModels.WithAll();

        await using InspectionEngine engine = await Start(models.Options with { DefaultModel = "tiny-semantic/1" });

        Assert.True(engine.DefaultModel.IsSemantic);
        ModelPackageException exception = await Assert.ThrowsAsync<ModelPackageException>(
            () => Start(models.Options with { DefaultModel = "none" }));
        Assert.Contains("there is no model 'none'", exception.Message, StringComparison.OrdinalIgnoreCase);
    }

    public static TheoryData<string, EngineOptions> BadOptions => new()
    {
        { "Lanes is -1; it must be in [0, 64].", new EngineOptions { ModelsDirectory = "x", Lanes = -1 } },
        { "IntraOpThreads is -1; it must be in [0, 256].", new EngineOptions { ModelsDirectory = "x", IntraOpThreads = -1 } },
        { "QueueCapacity is 0; it must be in [1, 65536].", new EngineOptions { ModelsDirectory = "x", QueueCapacity = 0 } },
        { "FrameLimits.MaxSide is 0;", new EngineOptions { ModelsDirectory = "x", FrameLimits = new() { MaxSide = 0 } } },
        { "ModelsDirectory is empty", new EngineOptions { ModelsDirectory = " " } },
    };

    [Theory]
    [MemberData(nameof(BadOptions))]
    public async Task StartAsync_OptionOutOfRange_NamesItAndTheRange(string message, EngineOptions options) =>
        Assert.StartsWith(message, (await Assert.ThrowsAsync<ArgumentException>(() => Start(options))).Message);

    [Theory]
    [InlineData("input.tensor", "\"picture\"", "it has no input 'picture'; it has image")]
    [InlineData("input.height", "32", "its input 'image' is [?, 1, 64, 64]; the manifest says [?, 1, 32, 64]")]
    [InlineData("detection.heads.0.tensor", "\"head4\"", "it has no output 'head4'")]
    [InlineData("detection.heads.0.anchors", "[[5, 5]]", "its output 'head8' is [?, 14, 8, 8]; the manifest says [?, 7, 8, 8]")]
    [InlineData("regions.inputs.0.channels", "5", "its output 'p2' is [?, 4, 16, 16]; the manifest says [?, 5, 16, 16]")]
    [InlineData("regions.tensor", "\"regions\"", "it has no input 'regions'; it has rois")]
    [InlineData("refinement.maskSize", "14", "its output 'mask_logits' is [?, 2, 28, 28]; the manifest says [?, 2, 14, 14]")]
    [InlineData("refinement.classTensor", "\"box_deltas\"", "its output 'box_deltas' is [?, 4]; the manifest says [?, 3]")]
    public async Task StartAsync_NetworkThatIsNotWhatTheManifestSays_SaysWhatDiffers(string path, string value, string message)
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteYMaskNet(models.Directory);
        ManifestFile.Set(folder, path, JsonNode.Parse(value));

        ModelPackageException exception = await Assert.ThrowsAsync<ModelPackageException>(() => Start(models.Options));

        Assert.EndsWith(".onnx", exception.Path);
        Assert.Contains(message, exception.Message);
    }

    [Theory]
    [InlineData("semantic.backgroundOffset", 7.0, "bright")]
    [InlineData("semantic.minRegionArea", 65, "")]
    [InlineData("semantic.minRegionArea", 64, "dull bright")]
    public async Task StartAsync_ManifestLeavesOutWhatIsUnsureOrSmall_TheRestIsFound(string key, double value, string classes)
    {
        using TemporaryModels models = new();
        ManifestFile.Set(TestModels.WriteSemantic(models.Directory), key, key.EndsWith("Area", StringComparison.Ordinal) ? (int)value : value);
        await using InspectionEngine engine = await Start(models.Options);

        InspectionResult result = await TinyEngine.Inspect(engine.DefaultModel, BlobBoard.TwoBlobs(), InspectionTask.Segment);

        Assert.Equal(classes, string.Join(' ', result.Regions.Select(region => region.ClassName)));
    }

    [Fact]
    public async Task StartAsync_FileThatIsNoNetwork_IsOneLine()
    {
        using TemporaryModels models = new();
        JsonObject manifest = ManifestFile.Read(TestModels.WriteSemantic(models.Directory));
        TestModels.Write(models.Directory, manifest, ("stage1", new byte[] { 1, 2, 3 }));

        ModelPackageException exception = await Assert.ThrowsAsync<ModelPackageException>(() => Start(models.Options));

        Assert.Contains("ONNX Runtime can't load it", exception.Message);
        Assert.DoesNotContain('\n', exception.Message);
    }

    [Fact]
    public async Task StartAsync_SecondInput_IsRefused()
    {
        using TemporaryModels models = new();
        JsonObject manifest = ManifestFile.Read(TestModels.WriteSemantic(models.Directory));
        byte[] onnx = new OnnxGraph("two_inputs")
            .Input("image", -1, 1, 64, 64)
            .Input("other", -1, 1, 64, 64)
            .Output("logits", -1, 1, 64, 64)
            .Node("Add", ["image", "other"], "logits")
            .ToBytes();
        TestModels.Write(models.Directory, manifest, ("stage1", onnx));

        ModelPackageException exception = await Assert.ThrowsAsync<ModelPackageException>(() => Start(models.Options));

        Assert.Contains("it has 2 inputs; it must have 'image' alone", exception.Message);
    }

    [Fact]
    public async Task DisposeAsync_InspectionInHand_FinishesItAndRefusesOthers()
    {
        using TemporaryModels models = new();
        TestModels.WriteSlow(models.Directory);
        InspectionEngine engine = await Start(models.Options);
        InspectionModel model = engine.DefaultModel;
        InspectionRequest request = new(TinyEngine.Raw(BlobBoard.TwoBlobs()), InspectionTask.Detect);
        ValueTask<InspectionResult> running = model.InspectAsync(request, CancellationToken.None);

        await engine.DisposeAsync();

        Assert.NotEmpty((await running).Defects);
        InspectionException refused = await Assert.ThrowsAsync<InspectionException>(() => model.InspectAsync(request, CancellationToken.None).AsTask());
        Assert.Equal("SERVER_STOPPING", refused.Reason);
    }

    [Fact]
    public async Task InspectAsync_MoreThanTheQueueHolds_RefusesOrWaitsAsAsked()
    {
        using TemporaryModels models = new();
        TestModels.WriteSlow(models.Directory);
        await using InspectionEngine engine = await Start(models.Options with { QueueCapacity = 1 });
        InspectionRequest request = new(TinyEngine.Raw(BlobBoard.TwoBlobs()), InspectionTask.Detect);
        Task<InspectionResult> Inspect(QueuePolicy policy) =>
            engine.DefaultModel.InspectAsync(request with { WhenQueueIsFull = policy }, CancellationToken.None).AsTask();

        Task<InspectionResult>[] accepted = [Inspect(QueuePolicy.Refuse), Inspect(QueuePolicy.Refuse)];
        InspectionException refused = await Assert.ThrowsAsync<InspectionException>(() => Inspect(QueuePolicy.Refuse));
        Task<InspectionResult> patient = Inspect(QueuePolicy.Wait);

        Assert.Equal("QUEUE_FULL", refused.Reason);
        Assert.All(await Task.WhenAll([.. accepted, patient]), result => Assert.NotEmpty(result.Defects));
    }

    internal static Task<InspectionEngine> Start(EngineOptions options) =>
        InspectionEngine.StartAsync(options, NullLoggerFactory.Instance, CancellationToken.None);
}
