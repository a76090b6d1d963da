using System.Collections.ObjectModel;
using System.Text.Json.Serialization;

namespace YMaskNet.Inference.Models;

/// <summary>
/// <c>model.json</c>: everything that must be known to run a model. Every value has been checked against its range when a
/// <see cref="ModelPackage"/> hands it out. The format is described in <c>docs/model-package.md</c>.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>Version of the format; 1.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>Name of the model: lower-case letters, digits, <c>.</c>, <c>_</c> and <c>-</c>, at most 64.</summary>
    public required string Name { get; init; }

    /// <summary>Positive; the highest is the one that is meant when a request gives no version.</summary>
    public required int Version { get; init; }

    /// <summary>Which stages there are.</summary>
    public required ModelArchitecture Architecture { get; init; }

    /// <summary>One sentence for people.</summary>
    public required string Description { get; init; }

    /// <summary>What the model offers; at least one.</summary>
    public required IReadOnlyList<InspectionTask> Tasks { get; init; }

    /// <summary>The networks: one for each stage in 32-bit floating point, and those that there are in other precisions.</summary>
    public required IReadOnlyList<ModelFile> Files { get; init; }

    /// <summary>
    /// What the model runs in where nobody asks for a precision and the processor has instructions for it. Default:
    /// <see cref="ModelPrecision.Fp32"/>.
    /// </summary>
    public ModelPrecision PreferredPrecision { get; init; }

    /// <summary>
    /// Whether the model may run on a GPU although ONNX Runtime has to run some of its nodes on the CPU. Default:
    /// <see langword="false"/>, such a model is refused there.
    /// </summary>
    public bool AllowCpuFallback { get; init; }

    /// <summary>Names of the classes; a class id is an index into this list. 1 to 255, each once.</summary>
    public required IReadOnlyList<string> Classes { get; init; }

    /// <summary>Input of the first stage.</summary>
    public required InputDescription Input { get; init; }

    /// <summary>Anchor heads; <see langword="null"/> for a semantic model.</summary>
    public DetectionDescription? Detection { get; init; }

    /// <summary>Input of the second stage; <see langword="null"/> where there is none.</summary>
    public RegionsDescription? Regions { get; init; }

    /// <summary>Outputs of the second stage; <see langword="null"/> where there is none.</summary>
    public RefinementDescription? Refinement { get; init; }

    /// <summary>Output of a semantic model; <see langword="null"/> otherwise.</summary>
    public SemanticDescription? Semantic { get; init; }

    // The generated reader sets keys that are left out to null: the values that they then have stand in the getters.

    /// <summary>How the model was trained, for people.</summary>
    public IReadOnlyDictionary<string, string> Provenance { get => field ?? ReadOnlyDictionary<string, string>.Empty; init; }

    /// <summary>Measured accuracy, by name of the measure.</summary>
    public IReadOnlyDictionary<string, double> Accuracy { get => field ?? ReadOnlyDictionary<string, double>.Empty; init; }

    /// <summary>Images with known results, inspected before the model is put to use.</summary>
    public IReadOnlyList<GoldenImage> Goldens { get => field ?? []; init; }

    /// <summary><c>name/version</c>.</summary>
    [JsonIgnore]
    public string Reference => $"{Name}/{Version}";

    /// <summary>Whether the model can run in a precision.</summary>
    public bool Has(ModelPrecision precision) => Files.Any(file => file.Precision == precision);

    /// <summary>The file of a stage when the model runs in a precision: the stage's 32-bit one where it has no other.</summary>
    internal ModelFile FileOf(ModelFileRole role, ModelPrecision precision) =>
        Files.FirstOrDefault(file => file.Role == role && file.Precision == precision)
        ?? Files.Single(file => file.Role == role && file.Precision == ModelPrecision.Fp32);
}
