using YMaskNet.Inference;
using YMaskNet.Inference.Models;

namespace YMaskNet.Perf.Gpu.Verification;

/// <summary>Manifests of models that exist only here: what the kernels and the CPU's operators are both told.</summary>
internal static class CaseModels
{
    /// <summary>A network's input.</summary>
    public static InputDescription Input(int width, int height, int channels, float[] mean, float[] std, int surround = 114) => new()
    {
        Tensor = "image",
        Width = width,
        Height = height,
        Channels = channels == 3 ? InputChannels.Rgb : InputChannels.Gray,
        Mean = mean,
        Std = std,
        LetterboxValue = surround,
    };

    /// <summary>A network's input of grey samples as they are.</summary>
    public static InputDescription GreyInput(int width, int height) => Input(width, height, channels: 1, [0f], [1f]);

    /// <summary>A detector.</summary>
    public static ModelManifest Detector(InputDescription input, int classCount, params AnchorHead[] heads) => new()
    {
        SchemaVersion = 1,
        Name = "check",
        Version = 1,
        Architecture = ModelArchitecture.YoloV5,
        Description = "A detector of the GPU check.",
        Tasks = [InspectionTask.Detect],
        Files = [],
        Classes = [.. Enumerable.Range(0, classCount).Select(index => FormattableString.Invariant($"class {index}"))],
        Input = input,
        Detection = new DetectionDescription
        {
            Heads = heads,
            CandidateMinScore = 0.001f,
            MaxCandidates = 3000,
            NmsIouThreshold = 0.5f,
            DetectMinScore = 0.5f,
            DetectAndSegmentMinScore = 0.5f,
            DefaultMaxDefects = 100,
            MaxRois = 300,
        },
    };

    /// <summary>A region input.</summary>
    public static RegionInput Region(int channels, int outputSize, int samplingRatio, int unshuffle, float spatialScale) => new()
    {
        Source = RegionSource.Features,
        Tensor = "features",
        Channels = channels,
        SpatialScale = spatialScale,
        OutputSize = outputSize,
        SamplingRatio = samplingRatio,
        Unshuffle = unshuffle,
    };

    /// <summary>The second network's outputs.</summary>
    public static RefinementDescription Refinement(int maskSize, float maskThreshold = 0.5f, ScoreRule score = ScoreRule.GeometricMean) => new()
    {
        MaskTensor = "masks",
        MaskSize = maskSize,
        MaskThreshold = maskThreshold,
        ClassTensor = "classes",
        DeltaTensor = "deltas",
        DeltaWeights = [10f, 10f, 5f, 5f],
        LogScaleClamp = 1f,
        Score = score,
    };
}
