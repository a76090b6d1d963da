using System.Security.Cryptography;
using System.Text.Json.Nodes;
using YMaskNet.Inference.Models;
using YMaskNet.Testing;

namespace YMaskNet.Inference.Tests.Models;

public sealed class ModelPackageTests
{
    [Fact]
    public void Read_TinyModel_HasWhatTheManifestSays()
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteYMaskNet(models.Directory);

        ModelPackage package = ModelPackage.Read(folder);

        ModelManifest manifest = package.Manifest;
        Assert.Equal("tiny-ymasknet/1", manifest.Reference);
        Assert.Equal(ModelArchitecture.YMaskNet, manifest.Architecture);
        Assert.Equal([InspectionTask.Detect, InspectionTask.Segment, InspectionTask.DetectAndSegment], manifest.Tasks);
        Assert.Equal(["dull", "bright"], manifest.Classes);
        Assert.Equal([new AnchorSize(10f, 10f), new AnchorSize(20f, 10f)], manifest.Detection!.Heads[0].Anchors);
        Assert.Equal(20, manifest.Regions!.ChannelCount);
        Assert.Equal(14, manifest.Regions.Size);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(folder, "model.json")))), package.ManifestSha256);
        Assert.Equal(package.ReadNetwork(ModelFileRole.Stage2).Length, package.DescribeFiles()[1].SizeBytes);
    }

    [Fact]
    public void Read_OptionalKeysLeftOut_AreEmpty()
    {
        using TemporaryModels models = new();

        ModelManifest manifest = ModelPackage.Read(Changed(models, root =>
        {
            root.Remove("provenance");
            root.Remove("accuracy");
            root.Remove("goldens");
        })).Manifest;

        Assert.Empty(manifest.Provenance);
        Assert.Empty(manifest.Accuracy);
        Assert.Empty(manifest.Goldens);
    }

    public static TheoryData<string, string, string> BadValues => new()
    {
        // path, JSON value, what the message must say
        { "schemaVersion", "2", "schemaVersion is 2; it must be in [1, 1]" },
        { "name", "\"Upper\"", "name is 'Upper'" },
        { "name", "\"other\"", "the folder says 'tiny-ymasknet/1'" },
        { "version", "2", "the folder says 'tiny-ymasknet/1'" },
        { "version", "0", "version is 0" },
        { "architecture", "\"resnet\"", "architecture" },
        { "architecture", "0", "architecture" },
        { "architecture", "\"yolov5\"", "tasks has Segment" },
        { "tasks", "[]", "tasks has 0 entries" },
        { "tasks", "[\"detect\", \"detect\"]", "each entry must occur once" },
        { "tasks", "[\"fly\"]", "tasks" },
        { "classes", "[]", "classes has 0 entries" },
        { "classes", "[\"a\", \"a\"]", "each entry must occur once" },
        { "classes", "[\"a\", \" \"]", "classes[1] is empty" },
        { "classes", "[\"a\", null]", "classes[1] is empty" },
        { "files", "[]", "files has 0 entries; it must have 2 to 4" },
        { "files.0.path", "\"../stage1.onnx\"", "files[0].path is '../stage1.onnx'" },
        { "files.0.path", "\"/etc/passwd\"", "files[0].path is '/etc/passwd'" },
        { "files.0.path", "\"a/../../b\"", "files[0].path" },
        { "files.0.path", "\"a\\\\b\"", "files[0].path" },
        { "files.0.sha256", "\"abc\"", "files[0].sha256 must be 64" },
        { "files.1.role", "\"stage1\"", "each entry must occur once" },
        { "files.0.precision", "\"int8\"", "files has no Stage1 in Fp32" },
        { "files.0.precision", "\"fp16\"", "precision" },
        { "files.0.precision", "1", "precision" },
        { "preferredPrecision", "\"int8\"", "preferredPrecision is Int8; files has no network of this precision" },
        { "input.width", "0", "input.width is 0; it must be in [8, 8192]" },
        { "input.height", "60", "stride is 8; it must divide the input's 64 x 60" },
        { "input.mean", "[0, 0]", "input.mean has 2 entries; it must have 1" },
        { "input.std", "[0]", "input.std[0] is 0" },
        { "input.std", "[1e99]", "input.std" },
        { "input.letterboxValue", "256", "input.letterboxValue is 256; it must be in [0, 255]" },
        { "input.channels", "\"cmyk\"", "input.channels" },
        { "detection", "null", "detection" },
        { "detection.heads", "[]", "detection.heads has 0 entries" },
        { "detection.heads.0.stride", "7", "it must divide the input's 64 x 64" },
        { "detection.heads.0.anchors", "[[10, -1]]", "detection.heads[0].anchors[0][1] is -1" },
        { "detection.heads.0.anchors", "[[10]]", "an anchor must be [width, height]" },
        { "detection.heads.0.anchors", "[[10, 10, 10]]", "an anchor must be [width, height]" },
        { "detection.heads.1.tensor", "\"head8\"", "each entry must occur once" },
        { "detection.candidateMinScore", "-0.1", "detection.candidateMinScore is -0.1; it must be in [0, 1]" },
        { "detection.maxCandidates", "0", "detection.maxCandidates is 0" },
        { "detection.nmsIouThreshold", "1.5", "detection.nmsIouThreshold is 1.5; it must be in [0, 1]" },
        { "detection.detectMinScore", "2", "detection.detectMinScore is 2" },
        { "detection.detectAndSegmentMinScore", "-1", "detection.detectAndSegmentMinScore is -1" },
        { "detection.maxRois", "1001", "detection.maxRois is 1001; it must be in [1, 1000]" },
        { "detection.defaultMaxDefects", "41", "detection.defaultMaxDefects is 41; it must be in [1, 40]" },
        { "detection.boardOverlapPixels", "0", "detection.boardOverlapPixels is 0; it must be in [1, 31]" },
        { "detection.boardOverlapPixels", "32", "detection.boardOverlapPixels is 32; it must be in [1, 31]" },
        { "regions.inputs", "[]", "regions.inputs has 0 entries" },
        { "regions.inputs.0.tensor", "null", "regions.inputs[0].tensor is empty" },
        { "regions.inputs.1.tensor", "\"p2\"", "an input from the image has none" },
        { "regions.inputs.1.channels", "3", "regions.inputs[1].channels is 3; the image has 1" },
        { "regions.inputs.0.spatialScale", "0", "regions.inputs[0].spatialScale is 0" },
        { "regions.inputs.0.samplingRatio", "0", "regions.inputs[0].samplingRatio is 0" },
        { "regions.inputs.1.unshuffle", "3", "it must divide outputSize, 56" },
        { "regions.inputs.1.unshuffle", "2", "ends at size 28, the first input at 14" },
        { "refinement.maskThreshold", "1", "refinement.maskThreshold is 1" },
        { "refinement.deltaWeights", "[1, 1, 1]", "refinement.deltaWeights has 3 entries; it must have 4" },
        { "refinement.deltaWeights", "[1, 1, 1, 0]", "refinement.deltaWeights[3] is 0" },
        { "refinement.logScaleClamp", "0", "refinement.logScaleClamp is 0" },
        { "refinement.score", "\"best\"", "refinement.score" },
        { "semantic", "{\"tensor\": \"x\", \"backgroundClass\": 0}", "semantic is there" },
        { "goldens", "[{\"image\": \"../x.png\", \"expected\": \"y.json\"}]", "goldens[0].image is '../x.png'" },
        { "goldens", "[{\"image\": \"x.png\", \"expected\": \"y.json\", \"precision\": \"int8\"}]", "goldens[0].precision is Int8" },
        { "unknownKey", "1", "unknownKey" },
        { "detection.unknownKey", "1", "unknownKey" },
    };

    [Theory]
    [MemberData(nameof(BadValues))]
    public void Read_BadValue_NamesFileKeyAndRange(string path, string value, string expected)
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteYMaskNet(models.Directory);
        ManifestFile.Set(folder, path, JsonNode.Parse(value));

        ModelPackageException exception = Assert.Throws<ModelPackageException>(() => ModelPackage.Read(folder));

        Assert.Equal(Path.Combine(folder, "model.json"), exception.Path);
        Assert.StartsWith(exception.Path + ": ", exception.Message);
        Assert.Contains(expected, exception.Message);
    }

    [Theory]
    [InlineData("{\"haloPixels\": 8}", "semantic.haloPixels and semantic.stride go together")]
    [InlineData("{\"stride\": 8}", "semantic.haloPixels and semantic.stride go together")]
    [InlineData("{\"haloPixels\": 12, \"stride\": 8}", "semantic.haloPixels is 12; it must be a multiple of the stride, 8")]
    [InlineData("{\"haloPixels\": 32, \"stride\": 8}", "semantic.haloPixels is 32; it must be in [0, 31]")]
    [InlineData("{\"haloPixels\": 0, \"stride\": 7}", "semantic.stride is 7; it must divide the input's 64 x 64")]
    [InlineData("{\"haloPixels\": 0, \"stride\": 0}", "semantic.stride is 0; it must be in [1, 64]")]
    public void Read_BadHalo_NamesKeyAndRange(string keys, string expected)
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteSemantic(models.Directory);
        foreach ((string key, JsonNode? value) in JsonNode.Parse(keys)!.AsObject())
            ManifestFile.Set(folder, $"semantic.{key}", value!.DeepClone());

        ModelPackageException exception = Assert.Throws<ModelPackageException>(() => ModelPackage.Read(folder));

        Assert.Contains(expected, exception.Message);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("{\"schemaVersion\": 1")]
    [InlineData("{}")]
    [InlineData("{\"schemaVersion\": 1, \"schemaVersion\": 1}")]
    public void Read_NotAManifest_IsRefused(string json)
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteYMaskNet(models.Directory);
        File.WriteAllText(Path.Combine(folder, "model.json"), json);

        Assert.Throws<ModelPackageException>(() => ModelPackage.Read(folder));
    }

    [Fact]
    public void ReadNetwork_ChangedFile_IsRefused()
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteYMaskNet(models.Directory);
        string path = Path.Combine(folder, "stage2.onnx");
        byte[] bytes = File.ReadAllBytes(path);
        bytes[^1] ^= 1;
        File.WriteAllBytes(path, bytes);

        ModelPackageException exception =
            Assert.Throws<ModelPackageException>(() => ModelPackage.Read(folder).ReadNetwork(ModelFileRole.Stage2));

        Assert.Equal(path, exception.Path);
        Assert.Contains("SHA-256", exception.Message);
    }

    [Fact]
    public void ReadNetwork_MissingFile_IsRefused()
    {
        using TemporaryModels models = new();
        string folder = TestModels.WriteYMaskNet(models.Directory);
        File.Delete(Path.Combine(folder, "stage1.onnx"));

        ModelPackageException exception =
            Assert.Throws<ModelPackageException>(() => ModelPackage.Read(folder).ReadNetwork(ModelFileRole.Stage1));

        Assert.Contains("there is no such file", exception.Message);
    }

    [Fact]
    public void ReadAll_SeveralVersions_OrdersThemByNumber()
    {
        using TemporaryModels models = new();
        foreach (int version in new[] { 10, 2, 1 })
            TestModels.WriteSemantic(models.Directory, version);
        TestModels.WriteYoloV5(models.Directory);

        IEnumerable<string> references = ModelPackage.ReadAll(models.Directory).Select(package => package.Manifest.Reference);

        Assert.Equal(["tiny-semantic/1", "tiny-semantic/2", "tiny-semantic/10", "tiny-yolov5/1"], references);
    }

    [Fact]
    public void ReadAll_NoDirectoryOrNoPackage_IsRefused()
    {
        using TemporaryModels models = new();

        Assert.Contains("no model package", Assert.Throws<ModelPackageException>(() => ModelPackage.ReadAll(models.Directory)).Message);
        Assert.Contains(
            "no such models directory",
            Assert.Throws<ModelPackageException>(() => ModelPackage.ReadAll(Path.Combine(models.Directory, "none"))).Message);
    }

    private static string Changed(TemporaryModels models, Action<JsonObject> change)
    {
        string folder = TestModels.WriteYMaskNet(models.Directory);
        ManifestFile.Change(folder, change);
        return folder;
    }
}
