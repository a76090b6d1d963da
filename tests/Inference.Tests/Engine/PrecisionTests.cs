using System.Text.Json.Nodes;
using YMaskNet.Imaging;
using YMaskNet.Inference.Cpu;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;
using YMaskNet.Testing;

namespace YMaskNet.Inference.Tests.Engine;

public sealed class PrecisionTests
{
    [Fact]
    public async Task StartAsync_Int8_ResultsSayThatItRan()
    {
        using TemporaryModels models = new();
        TestModels.WriteQuantisedYMaskNet(models.Directory);

        InspectionResult fp32 = await InspectAsync(models.Options);
        InspectionResult int8 = await InspectAsync(models.Options with { Precision = new(PrecisionChoice.Int8) });

        Assert.Equal((ModelPrecision.Fp32, ModelPrecision.Int8), (fp32.Precision, int8.Precision));
        Assert.Equal(fp32.Defects.Select(defect => defect.ClassName), int8.Defects.Select(defect => defect.ClassName));
        Assert.All(fp32.Defects.Zip(int8.Defects), pair => Assert.True(pair.First.Score > pair.Second.Score, $"{pair}"));
    }

    [Fact]
    public async Task StartAsync_AutoWithAPreference_GoesByTheProcessor()
    {
        using TemporaryModels models = new();
        ManifestFile.Set(TestModels.WriteQuantisedYMaskNet(models.Directory), "preferredPrecision", "int8");

        InspectionResult result = await InspectAsync(models.Options);

        Assert.Equal(Int8DotProduct.IsSupported ? ModelPrecision.Int8 : ModelPrecision.Fp32, result.Precision);
    }

    [Theory]
    [InlineData("stage1.int8.onnx", PrecisionChoice.Fp32)]
    [InlineData("stage1.onnx", PrecisionChoice.Int8)]
    public async Task StartAsync_DamagedNetworkOfTheOtherPrecision_IsRefused(string file, PrecisionChoice choice)
    {
        using TemporaryModels models = new();
        string path = Path.Combine(TestModels.WriteQuantisedYMaskNet(models.Directory), file);
        File.AppendAllText(path, "x");

        ModelPackageException exception = await Assert.ThrowsAsync<ModelPackageException>(
            () => StartTests.Start(models.Options with { Precision = new(choice) }));

        Assert.Equal(path, exception.Path);
        Assert.Contains("SHA-256", exception.Message);
    }

    [Fact]
    public async Task StartAsync_UnknownPrecision_IsRefused()
    {
        using TemporaryModels models = TemporaryModels.WithAll();

        ArgumentException exception = await Assert.ThrowsAsync<ArgumentException>(
            () => StartTests.Start(models.Options with { Precision = new((PrecisionChoice)9) }));

        Assert.Contains("Precision is 9; it must be Auto, Fp32 or Int8", exception.Message);
    }

    [Theory]
    [InlineData(PrecisionChoice.Fp32, false)]
    [InlineData(PrecisionChoice.Int8, true)]
    public async Task StartAsync_GoldenOfOnePrecision_IsCheckedInThatOneAlone(PrecisionChoice choice, bool refused)
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteQuantisedYMaskNet(models.Directory);
        File.WriteAllBytes(Path.Combine(folder, "board.png"), PngEncoder.EncodeGray8(BlobBoard.TwoBlobs().Pixels, 64, 64));
        File.WriteAllText(Path.Combine(folder, "nothing.json"), "{\"defects\": []}");
        ManifestFile.Set(
            folder, "goldens", JsonNode.Parse("[{\"image\": \"board.png\", \"expected\": \"nothing.json\", \"precision\": \"int8\"}]"));

        Exception? exception = await Record.ExceptionAsync(async () =>
        {
            await using InspectionEngine engine = await StartTests.Start(models.Options with { Precision = new(choice) });
        });

        Assert.Equal(refused, exception is ModelPackageException { Message: var message } && message.Contains("that is not expected"));
        Assert.Equal(refused, exception is not null);
    }

    private static async Task<InspectionResult> InspectAsync(EngineOptions options)
    {
        await using InspectionEngine engine = await StartTests.Start(options);
        return await TinyEngine.Inspect(engine.DefaultModel, BlobBoard.TwoBlobs(), InspectionTask.DetectAndSegment);
    }
}
