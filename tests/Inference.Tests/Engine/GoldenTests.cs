using System.Text.Json.Nodes;
using YMaskNet.Imaging;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;
using YMaskNet.Testing;

namespace YMaskNet.Inference.Tests.Engine;

public sealed class GoldenTests
{
    [Fact]
    public async Task StartAsync_GoldenThatHolds_Starts()
    {
        using TemporaryModels models = new();
        await WriteWithGolden(models, defects => { });

        await using InspectionEngine engine = await StartTests.Start(models.Options);

        Assert.Single(engine.Models);
    }

    public static TheoryData<string, string> Differences => new()
    {
        { "score", "no bright of score" },
        { "box", "no bright of score" },
        { "class", "no dull of score" },
        { "missing", "that is not expected" },
        { "surplus", "no bright of score" },
    };

    [Theory]
    [MemberData(nameof(Differences))]
    public async Task StartAsync_GoldenThatDiffers_SaysWhere(string change, string message)
    {
        using TemporaryModels models = new();
        await WriteWithGolden(models, defects =>
        {
            JsonObject first = defects[0]!.AsObject();
            switch (change)
            {
                case "score":
                    first["score"] = (double)first["score"]! - 0.002;
                    break;
                case "box":
                    first["box"]!["x"] = (double)first["box"]!["x"]! + 0.6;
                    break;
                case "class":
                    first["class"] = "dull";
                    break;
                case "missing":
                    defects.RemoveAt(0);
                    break;
                default:
                    defects.Add(first.DeepClone());
                    break;
            }
        });

        ModelPackageException exception = await Assert.ThrowsAsync<ModelPackageException>(() => StartTests.Start(models.Options));

        Assert.Contains(message, exception.Message);
    }

    [Fact]
    public async Task StartAsync_GoldenThatIsUnreadable_IsRefused()
    {
        using TemporaryModels models = new();
        string folder = await WriteWithGolden(models, defects => { });

        File.WriteAllText(Path.Combine(folder, "board.json"), "{");
        await Assert.ThrowsAsync<ModelPackageException>(() => StartTests.Start(models.Options));
        File.WriteAllText(Path.Combine(folder, "board.json"), "{\"defects\": [{\"class\": \"bright\"}]}");
        await Assert.ThrowsAsync<ModelPackageException>(() => StartTests.Start(models.Options));
        File.WriteAllText(Path.Combine(folder, "board.png"), "no picture");
        File.WriteAllText(Path.Combine(folder, "board.json"), "{\"defects\": []}");
        await Assert.ThrowsAsync<ModelPackageException>(() => StartTests.Start(models.Options));
        File.Delete(Path.Combine(folder, "board.json"));
        await Assert.ThrowsAsync<ModelPackageException>(() => StartTests.Start(models.Options));
    }

    [Fact]
    public void Difference_DefectAtTheThreshold_MayBeMissing()
    {
        GoldenResult expected = new() { Defects = [new GoldenDefect("bright", 0.4005f, new GoldenBox(1f, 2f, 3f, 4f))] };
        InspectionResult nothing = new() { ImageWidth = 9, ImageHeight = 9, ExecutionProvider = "x", Device = "x", Times = new StageTimes() };

        Assert.Null(GoldenCheck.Difference(expected, nothing, minScore: 0.4f));
        Assert.NotNull(GoldenCheck.Difference(expected, nothing, minScore: 0.3f));
    }

    [Fact]
    public void Difference_Regions_AreCompared()
    {
        GoldenResult expected = new() { Regions = [new GoldenRegion("dull", 64, new GoldenBox(8f, 16f, 8f, 8f))] };
        InspectionResult Found(long area) => new()
        {
            ImageWidth = 64, ImageHeight = 64, ExecutionProvider = "x", Device = "x", Times = new StageTimes(),
            Regions = [new Region(1, "dull", area, new PixelBox(8f, 16f, 8f, 8f), 12, 20, new AreaMask(area))],
        };

        Assert.Null(GoldenCheck.Difference(expected, Found(65), minScore: 0f));
        Assert.NotNull(GoldenCheck.Difference(expected, Found(70), minScore: 0f));
        Assert.NotNull(GoldenCheck.Difference(new GoldenResult(), Found(64), minScore: 0f));
    }

    private static async Task<string> WriteWithGolden(TemporaryModels models, Action<JsonArray> change)
    {
        string folder = TestModels.WriteYMaskNet(models.Directory);
        BlobBoard board = BlobBoard.TwoBlobs();
        JsonArray defects = [];
        await using (InspectionEngine engine = await StartTests.Start(models.Options))
        {
            foreach (Defect defect in (await TinyEngine.Inspect(engine.DefaultModel, board, InspectionTask.DetectAndSegment)).Defects)
            {
                defects.Add(new JsonObject
                {
                    ["class"] = defect.ClassName,
                    ["score"] = (double)defect.Score,
                    ["box"] = new JsonObject
                    {
                        ["x"] = (double)defect.Box.X,
                        ["y"] = (double)defect.Box.Y,
                        ["width"] = (double)defect.Box.Width,
                        ["height"] = (double)defect.Box.Height,
                    },
                });
            }
        }

        change(defects);
        JsonObject expected = new() { ["image"] = "board.png", ["width"] = 64, ["height"] = 64, ["defects"] = defects };
        File.WriteAllText(Path.Combine(folder, "board.json"), expected.ToJsonString());
        File.WriteAllBytes(Path.Combine(folder, "board.png"), PngEncoder.EncodeGray8(board.Pixels, 64, 64));
        ManifestFile.Set(folder, "goldens", JsonNode.Parse("[{\"image\": \"board.png\", \"expected\": \"board.json\"}]"));
        return folder;
    }
}
