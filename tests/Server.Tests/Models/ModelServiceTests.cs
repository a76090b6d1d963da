using System.Security.Cryptography;

namespace YMaskNet.Server.Tests.Models;

public sealed class ModelServiceTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task ListModels_AllVersionsByNameAndTheDefault()
    {
        Wire.ListModelsResponse response = await _server.Models.ListModelsAsync(new Wire.ListModelsRequest());

        Assert.Equal(
            ["tiny-semantic/1", "tiny-slow/1", "tiny-ymasknet/1", "tiny-ymasknet/2", "tiny-yolov5/1"],
            response.Models.Select(model => $"{model.Reference.Name}/{model.Reference.Version}"));
        Assert.Equal("tiny-ymasknet/2", response.DefaultModel);
        Assert.All(response.Models, model => Assert.Equal(("CPUExecutionProvider", "cpu"), (model.ExecutionProvider, model.Device)));
    }

    [Fact]
    public async Task GetModel_InstanceModel_WhatItsManifestSays()
    {
        Wire.Model model = (await _server.Models.GetModelAsync(new Wire.GetModelRequest { Model = "tiny-ymasknet/1" })).Model;

        Assert.Equal("ymasknet", model.Architecture);
        Assert.NotEmpty(model.Description);
        Assert.Equal([Wire.Task.Detect, Wire.Task.Segment, Wire.Task.DetectAndSegment], model.Tasks);
        Assert.Equal(new Wire.ImageSize { Width = 64, Height = 64 }, model.InputSize);
        Assert.Equal(1u, model.InputChannels);
        Assert.Equal(["dull", "bright"], model.ClassNames);
        Assert.Equal((0.35f, 0.4f, 0.5f), (model.DetectMinScore, model.DetectAndSegmentMinScore, model.NmsIouThreshold));
        Assert.Equal((20u, 40u), (model.DefaultMaxDefects, model.MaxRois));
        Assert.Equal(["stage1.onnx", "stage2.onnx"], model.Files.Select(file => file.Path));
        Assert.All(model.Files, file => Assert.Matches("^[0-9a-f]{64}$", file.Sha256));
        Assert.All(model.Files, file => Assert.True(file.SizeBytes > 100));
        Assert.Equal("none", model.Provenance["data"]);
    }

    [Fact]
    public async Task GetModel_SemanticModel_NoThresholds()
    {
        Wire.Model model = (await _server.Models.GetModelAsync(new Wire.GetModelRequest { Model = TestModels.TinySemantic })).Model;

        Assert.Equal("unet", model.Architecture);
        Assert.Equal([Wire.Task.Segment], model.Tasks);
        Assert.Equal(["background", "dull", "bright"], model.ClassNames);
        Assert.Equal((0f, 0f, 0u), (model.DetectMinScore, model.DetectAndSegmentMinScore, model.MaxRois));
    }

    [Fact]
    public async Task GetModel_ColourModel_ThreeChannels()
    {
        Wire.Model model = (await _server.Models.GetModelAsync(new Wire.GetModelRequest { Model = TestModels.TinyYoloV5 })).Model;

        Assert.Equal("yolov5", model.Architecture);
        Assert.Equal(3u, model.InputChannels);
    }

    [Theory]
    [InlineData("", "tiny-ymasknet", "2")]
    [InlineData("tiny-ymasknet", "tiny-ymasknet", "2")]
    [InlineData("tiny-ymasknet/1", "tiny-ymasknet", "1")]
    public async Task GetModel_Reference_NameVersionAndDefault(string reference, string name, string version)
    {
        Wire.Model model = (await _server.Models.GetModelAsync(new Wire.GetModelRequest { Model = reference })).Model;

        Assert.Equal((name, version), (model.Reference.Name, model.Reference.Version));
    }

    [Fact]
    public async Task GetModel_Sha256_OfTheManifest()
    {
        string manifestSha256 = "";
        await using TestServer server = await TestServer.StartAsync(models =>
        {
            string folder = TestModels.WriteYMaskNet(models);
            manifestSha256 = Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "model.json"))));
        });

        Wire.Model model = (await server.Models.GetModelAsync(new Wire.GetModelRequest())).Model;

        Assert.Equal(manifestSha256, model.Reference.Sha256);
    }

    [Fact]
    public async Task GetModel_UnknownModel_NotFound()
    {
        Rejection rejection = await Rejection.OfAsync(
            () => _server.Models.GetModelAsync(new Wire.GetModelRequest { Model = "no-such-model" }).ResponseAsync);

        Assert.Equal((StatusCode.NotFound, "MODEL_NOT_FOUND", "model"), (rejection.Code, rejection.Reason, rejection.Field));
    }

    [Fact]
    public async Task GetPlacement_EveryNodeWithItsProviderAndEveryOperatorWithItsDevice()
    {
        Wire.GetPlacementResponse placement =
            await _server.Models.GetPlacementAsync(new Wire.GetPlacementRequest { Model = "tiny-ymasknet/1" });

        Assert.Equal(("tiny-ymasknet", "1"), (placement.Model.Name, placement.Model.Version));
        Assert.Equal(["stage1.onnx", "stage2.onnx"], placement.Networks.Select(network => network.Path));
        Assert.All(placement.Networks, network => Assert.NotEmpty(network.Nodes));
        Assert.All(placement.Networks.SelectMany(network => network.Nodes), node =>
        {
            Assert.NotEmpty(node.Name);
            Assert.NotEmpty(node.OperatorType);
            Assert.Equal("CPUExecutionProvider", node.ExecutionProvider);
        });
        Assert.Contains(new Wire.OperatorPlacement { Operation = "RoIAlign", Device = "cpu" }, placement.Operators);
    }

    [Fact]
    public async Task GetPlacement_UnknownModel_NotFound()
    {
        Rejection rejection = await Rejection.OfAsync(
            () => _server.Models.GetPlacementAsync(new Wire.GetPlacementRequest { Model = "tiny-ymasknet/99" }).ResponseAsync);

        Assert.Equal((StatusCode.NotFound, "MODEL_NOT_FOUND", "model"), (rejection.Code, rejection.Reason, rejection.Field));
    }

    [Fact]
    public async Task DefaultModel_Configured_IsWhatRequestsWithoutAModelGet()
    {
        await using TestServer server = await TestServer.StartAsync("--default-model", "tiny-yolov5");

        Wire.ListModelsResponse list = await server.Models.ListModelsAsync(new Wire.ListModelsRequest());
        Wire.DetectResponse detected = await server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png });

        Assert.Equal("tiny-yolov5/1", list.DefaultModel);
        Assert.Equal("tiny-yolov5", detected.Model.Name);
    }
}
