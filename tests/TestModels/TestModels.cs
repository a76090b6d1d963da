using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace YMaskNet.Testing;

/// <summary>
/// Writes tiny model packages: 64 x 64 networks without training that find blobs on a dark board (see
/// <see cref="BlobBoard"/>), fast to load and exact in what they find.
/// </summary>
public static class TestModels
{
    /// <summary>Two stages, grey, classes <c>dull</c> and <c>bright</c>: detect, segment, detectAndSegment.</summary>
    public const string TinyYMaskNet = "tiny-ymasknet";

    /// <summary>One stage, RGB, classes <c>dull</c> and <c>bright</c>: detect.</summary>
    public const string TinyYoloV5 = "tiny-yolov5";

    /// <summary>Semantic, grey, classes <c>background</c>, <c>dull</c> and <c>bright</c>: segment.</summary>
    public const string TinySemantic = "tiny-semantic";

    /// <summary>One stage like <see cref="TinyYoloV5"/>, but grey and made slow: for deadlines and full queues.</summary>
    public const string TinySlow = "tiny-slow";

    /// <summary>Semantic, grey, with a receptive field: see <see cref="TextureNetwork"/>.</summary>
    public const string TinyTexture = "tiny-texture";

    private static readonly string[] BlobClasses = ["dull", "bright"];
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Writes version 1 of <see cref="TinyYMaskNet"/>, <see cref="TinyYoloV5"/> and <see cref="TinySemantic"/>.</summary>
    /// <param name="modelsDirectory">Created if need be.</param>
    public static void WriteAll(string modelsDirectory)
    {
        WriteYMaskNet(modelsDirectory);
        WriteYoloV5(modelsDirectory);
        WriteSemantic(modelsDirectory);
    }

    /// <summary>Writes <see cref="TinyYMaskNet"/> and returns its folder.</summary>
    public static string WriteYMaskNet(string modelsDirectory, int version = 1) =>
        WriteYMaskNet(modelsDirectory, version, ("stage1", BlobNetworks.Stage1(channels: 1, withFeatures: true)), ("stage2", BlobNetworks.Stage2()));

    /// <summary>
    /// Writes <see cref="TinyYMaskNet"/> with its first stage in 8 bits as well, whose objectness is 1 lower, and returns its
    /// folder.
    /// </summary>
    public static string WriteQuantisedYMaskNet(string modelsDirectory, int version = 1) => WriteYMaskNet(
        modelsDirectory,
        version,
        ("stage1", BlobNetworks.Stage1(channels: 1, withFeatures: true)),
        ("stage2", BlobNetworks.Stage2()),
        ("stage1.int8", BlobNetworks.QuantisedStage1()));

    private static string WriteYMaskNet(string modelsDirectory, int version, params ReadOnlySpan<(string Role, byte[] Onnx)> networks)
    {
        JsonObject manifest = Manifest(TinyYMaskNet, version, "ymasknet", ["detect", "segment", "detectAndSegment"], BlobClasses, "gray");
        manifest["detection"] = Detection();
        manifest["regions"] = new JsonObject
        {
            ["tensor"] = "rois",
            ["inputs"] = new JsonArray(
                new JsonObject
                {
                    ["source"] = "features",
                    ["tensor"] = "p2",
                    ["channels"] = BlobNetworks.FeatureChannels,
                    ["spatialScale"] = 1.0 / BlobNetworks.FeatureStride,
                    ["outputSize"] = BlobNetworks.OutputSize,
                    ["samplingRatio"] = 2,
                    ["unshuffle"] = 1,
                },
                new JsonObject
                {
                    ["source"] = "image",
                    ["channels"] = 1,
                    ["spatialScale"] = 1.0,
                    ["outputSize"] = BlobNetworks.OutputSize * BlobNetworks.ImageUnshuffle,
                    ["samplingRatio"] = 1,
                    ["unshuffle"] = BlobNetworks.ImageUnshuffle,
                }),
        };
        manifest["refinement"] = new JsonObject
        {
            ["maskTensor"] = "mask_logits",
            ["maskSize"] = BlobNetworks.MaskSize,
            ["maskThreshold"] = 0.5,
            ["classTensor"] = "class_logits",
            ["deltaTensor"] = "box_deltas",
            ["deltaWeights"] = new JsonArray(10, 10, 5, 5),
            ["logScaleClamp"] = 1.0,
            ["score"] = "geometricMean",
        };
        return Write(modelsDirectory, manifest, networks);
    }

    /// <summary>Writes <see cref="TinyYoloV5"/> and returns its folder.</summary>
    public static string WriteYoloV5(string modelsDirectory, int version = 1)
    {
        JsonObject manifest = Manifest(TinyYoloV5, version, "yolov5", ["detect"], BlobClasses, "rgb");
        manifest["detection"] = Detection();
        return Write(modelsDirectory, manifest, ("stage1", BlobNetworks.Stage1(channels: 3, withFeatures: false)));
    }

    /// <summary>Writes <see cref="TinySemantic"/> and returns its folder.</summary>
    /// <param name="modelsDirectory">Created if need be.</param>
    /// <param name="version">Its version.</param>
    /// <param name="saysHalo">Whether the manifest says that the network looks at single pixels.</param>
    public static string WriteSemantic(string modelsDirectory, int version = 1, bool saysHalo = false)
    {
        JsonObject manifest = Manifest(TinySemantic, version, "unet", ["segment"], ["background", .. BlobClasses], "gray");
        manifest["semantic"] = new JsonObject { ["tensor"] = "logits", ["backgroundClass"] = 0 };
        if (saysHalo)
            (manifest["semantic"]!["haloPixels"], manifest["semantic"]!["stride"]) = (0, 1);
        return Write(modelsDirectory, manifest, ("stage1", BlobNetworks.Semantic()));
    }

    /// <summary>Writes <see cref="TinyTexture"/> and returns its folder.</summary>
    public static string WriteTexture(string modelsDirectory)
    {
        JsonObject manifest = Manifest(TinyTexture, version: 1, "unet", ["segment"], ["ground", "a", "b", "c"], "gray");
        manifest["semantic"] = new JsonObject
        {
            ["tensor"] = "logits",
            ["backgroundClass"] = 0,
            ["haloPixels"] = TextureNetwork.HaloPixels,
            ["stride"] = TextureNetwork.Stride,
        };
        return Write(modelsDirectory, manifest, ("stage1", TextureNetwork.ToOnnx()));
    }

    /// <summary>Writes <see cref="TinySlow"/> and returns its folder.</summary>
    /// <param name="modelsDirectory">Created if need be.</param>
    /// <param name="convolutions">A few milliseconds each.</param>
    public static string WriteSlow(string modelsDirectory, int convolutions = 40)
    {
        JsonObject manifest = Manifest(TinySlow, version: 1, "yolov5", ["detect"], BlobClasses, "gray");
        manifest["detection"] = Detection();
        return Write(modelsDirectory, manifest, ("stage1", BlobNetworks.SlowStage1(convolutions)));
    }

    /// <summary>
    /// Writes a package of the caller's own: fills in <c>files</c>, writes them and <c>model.json</c>. A role may have a
    /// precision behind a dot.
    /// </summary>
    /// <returns>The folder of the package.</returns>
    public static string Write(string modelsDirectory, JsonObject manifest, params ReadOnlySpan<(string Role, byte[] Onnx)> networks)
    {
        string name = (string)manifest["name"]!;
        string version = ((int)manifest["version"]!).ToString(CultureInfo.InvariantCulture);
        string folder = Path.Combine(modelsDirectory, name, version);
        Directory.CreateDirectory(folder);

        JsonArray files = [];
        foreach ((string role, byte[] onnx) in networks)
        {
            File.WriteAllBytes(Path.Combine(folder, role + ".onnx"), onnx);
            string[] parts = role.Split('.');
            JsonObject file = new()
            {
                ["role"] = parts[0],
                ["path"] = role + ".onnx",
                ["sha256"] = Convert.ToHexStringLower(SHA256.HashData(onnx)),
            };
            if (parts.Length > 1)
                file["precision"] = parts[1];
            files.Add(file);
        }

        manifest["files"] = files;
        File.WriteAllText(Path.Combine(folder, "model.json"), manifest.ToJsonString(Indented));
        return folder;
    }

    private static JsonObject Manifest(string name, int version, string architecture, string[] tasks, string[] classes, string channels)
    {
        int channelCount = channels == "rgb" ? 3 : 1;
        return new JsonObject
        {
            ["schemaVersion"] = 1,
            ["name"] = name,
            ["version"] = version,
            ["architecture"] = architecture,
            ["description"] = "A network without training that finds blobs; for tests.",
            ["tasks"] = new JsonArray([.. tasks.Select(task => JsonValue.Create(task))]),
            ["classes"] = new JsonArray([.. classes.Select(className => JsonValue.Create(className))]),
            ["input"] = new JsonObject
            {
                ["tensor"] = "image",
                ["width"] = BlobNetworks.InputSize,
                ["height"] = BlobNetworks.InputSize,
                ["channels"] = channels,
                ["mean"] = new JsonArray([.. Enumerable.Repeat(0.0, channelCount).Select(value => JsonValue.Create(value))]),
                ["std"] = new JsonArray([.. Enumerable.Repeat(1.0, channelCount).Select(value => JsonValue.Create(value))]),
                ["letterboxValue"] = 114,
            },
            ["provenance"] = new JsonObject { ["data"] = "none", ["licence"] = "Apache-2.0" },
            ["accuracy"] = new JsonObject(),
            ["goldens"] = new JsonArray(),
        };
    }

    private static JsonObject Detection() => new()
    {
        ["heads"] = new JsonArray(
            new JsonObject
            {
                ["tensor"] = "head8",
                ["stride"] = 8,
                ["anchors"] = new JsonArray(new JsonArray(10, 10), new JsonArray(20, 10)),
            },
            new JsonObject
            {
                ["tensor"] = "head16",
                ["stride"] = 16,
                ["anchors"] = new JsonArray((JsonNode)new JsonArray(20, 20)),
            }),
        ["candidateMinScore"] = 0.001,
        ["maxCandidates"] = 100,
        ["nmsIouThreshold"] = 0.5,
        ["detectMinScore"] = 0.35,
        ["detectAndSegmentMinScore"] = 0.4,
        ["defaultMaxDefects"] = 20,
        ["maxRois"] = 40,
    };
}
