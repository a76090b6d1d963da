using System.Text.RegularExpressions;

namespace YMaskNet.Inference.Models;

/// <summary>Checks every value of a manifest against its range and against the others.</summary>
internal static partial class ManifestValidator
{
    private const int SchemaVersion = 1;

    /// <param name="manifest">As read.</param>
    /// <param name="file">Its path, for messages.</param>
    /// <param name="folderName">The model's name as its folder has it.</param>
    /// <param name="folderVersion">The model's version as its folder has it.</param>
    /// <exception cref="ModelPackageException">A value is out of range.</exception>
    public static void Check(ModelManifest manifest, string file, string folderName, string folderVersion)
    {
        ManifestCheck check = new(file);
        check.InRange("schemaVersion", manifest.SchemaVersion, SchemaVersion, SchemaVersion);
        check.That(NamePattern().IsMatch(manifest.Name),
            $"name is '{manifest.Name}'; it must be 1 to 64 lower-case letters, digits, '.', '_' or '-', the first a letter or digit");
        check.InRange("version", manifest.Version, 1, int.MaxValue);
        check.That(manifest.Name == folderName && manifest.Version.ToString(System.Globalization.CultureInfo.InvariantCulture) == folderVersion,
            $"name and version are '{manifest.Reference}'; the folder says '{folderName}/{folderVersion}'");
        CheckTasks(manifest, check);
        CheckFiles(manifest, check);
        check.Count("classes", manifest.Classes, 1, 255);
        check.Text("classes", manifest.Classes);
        check.Distinct("classes", manifest.Classes);
        CheckInput(manifest.Input, check);
        CheckSections(manifest, check);
        CheckGoldens(manifest, check);
    }

    private static void CheckTasks(ModelManifest manifest, ManifestCheck check)
    {
        check.Count("tasks", manifest.Tasks, 1, 3);
        check.Distinct("tasks", manifest.Tasks);
        InspectionTask[] offered = manifest.Architecture switch
        {
            ModelArchitecture.YoloV5 => [InspectionTask.Detect],
            ModelArchitecture.UNet => [InspectionTask.Segment],
            _ => [InspectionTask.Detect, InspectionTask.Segment, InspectionTask.DetectAndSegment],
        };
        foreach (InspectionTask task in manifest.Tasks)
            check.That(offered.Contains(task), $"tasks has {task}, which the architecture {manifest.Architecture} can't do");
    }

    private static void CheckFiles(ModelManifest manifest, ManifestCheck check)
    {
        ModelFileRole[] roles = manifest.Architecture == ModelArchitecture.YMaskNet
            ? [ModelFileRole.Stage1, ModelFileRole.Stage2]
            : [ModelFileRole.Stage1];
        int most = roles.Length * Enum.GetValues<ModelPrecision>().Length;
        check.Count("files", manifest.Files, roles.Length, most);
        check.Distinct("files[].role and precision", manifest.Files.Select(entry => $"{entry.Role} in {entry.Precision}"));
        for (int index = 0; index < manifest.Files.Count; index++)
        {
            ModelFile entry = manifest.Files[index];
            check.That(roles.Contains(entry.Role), $"files[{index}].role is {entry.Role}; the architecture {manifest.Architecture} has no such stage");
            CheckPath($"files[{index}].path", entry.Path, check);
            check.That(Sha256Pattern().IsMatch(entry.Sha256), $"files[{index}].sha256 must be 64 hexadecimal digits");
        }

        foreach (ModelFileRole role in roles)
        {
            check.That(manifest.Files.Any(entry => entry.Role == role && entry.Precision == ModelPrecision.Fp32),
                $"files has no {role} in Fp32; every stage must have one");
        }

        check.That(manifest.Has(manifest.PreferredPrecision),
            $"preferredPrecision is {manifest.PreferredPrecision}; files has no network of this precision");
    }

    private static void CheckInput(InputDescription input, ManifestCheck check)
    {
        check.Text("input.tensor", input.Tensor);
        check.InRange("input.width", input.Width, 8, 8192);
        check.InRange("input.height", input.Height, 8, 8192);
        check.Count("input.mean", input.Mean, input.ChannelCount, input.ChannelCount);
        check.Count("input.std", input.Std, input.ChannelCount, input.ChannelCount);
        for (int channel = 0; channel < input.ChannelCount; channel++)
        {
            check.Finite($"input.mean[{channel}]", input.Mean[channel]);
            check.AboveUpTo($"input.std[{channel}]", input.Std[channel], 0f, float.MaxValue);
        }

        check.InRange("input.letterboxValue", input.LetterboxValue, 0, 255);
    }

    private static void CheckSections(ModelManifest manifest, ManifestCheck check)
    {
        bool hasAnchors = manifest.Architecture != ModelArchitecture.UNet;
        bool hasRegions = manifest.Architecture == ModelArchitecture.YMaskNet;
        CheckPresence("detection", manifest.Detection, hasAnchors, manifest, check);
        CheckPresence("regions", manifest.Regions, hasRegions, manifest, check);
        CheckPresence("refinement", manifest.Refinement, hasRegions, manifest, check);
        CheckPresence("semantic", manifest.Semantic, !hasAnchors, manifest, check);
        if (manifest.Detection is not null)
            CheckDetection(manifest.Detection, manifest.Input, check);
        if (manifest.Regions is not null)
            CheckRegions(manifest.Regions, manifest.Input, check);
        if (manifest.Refinement is not null)
            CheckRefinement(manifest.Refinement, check);
        if (manifest.Semantic is not null)
        {
            check.Text("semantic.tensor", manifest.Semantic.Tensor);
            check.InRange("semantic.backgroundClass", manifest.Semantic.BackgroundClass, 0, manifest.Classes.Count - 1);
            check.Finite("semantic.backgroundOffset", manifest.Semantic.BackgroundOffset);
            check.InRange("semantic.minRegionArea", manifest.Semantic.MinRegionArea ?? 1, 1, int.MaxValue);
            CheckHalo(manifest.Semantic, manifest.Input, check);
        }
    }

    private static void CheckHalo(SemanticDescription semantic, InputDescription input, ManifestCheck check)
    {
        check.That((semantic.HaloPixels is null) == (semantic.Stride is null), "semantic.haloPixels and semantic.stride go together; one is missing");
        if (semantic is not { HaloPixels: { } halo, Stride: { } stride })
            return;
        int side = Math.Min(input.Width, input.Height);
        check.InRange("semantic.stride", stride, 1, side);
        check.That(input.Width % stride == 0 && input.Height % stride == 0,
            $"semantic.stride is {stride}; it must divide the input's {input.Width} x {input.Height}");
        check.InRange("semantic.haloPixels", halo, 0, (side - 1) / 2);
        check.That(halo % stride == 0, $"semantic.haloPixels is {halo}; it must be a multiple of the stride, {stride}");
    }

    private static void CheckPresence(string key, object? section, bool expected, ModelManifest manifest, ManifestCheck check) =>
        check.That((section is not null) == expected, expected
            ? $"{key} is missing; the architecture {manifest.Architecture} needs it"
            : $"{key} is there; the architecture {manifest.Architecture} has no use for it");

    private static void CheckDetection(DetectionDescription detection, InputDescription input, ManifestCheck check)
    {
        check.Count("detection.heads", detection.Heads, 1, 8);
        check.Distinct("detection.heads[].tensor", detection.Heads.Select(head => head.Tensor));
        for (int index = 0; index < detection.Heads.Count; index++)
        {
            AnchorHead head = detection.Heads[index];
            string key = $"detection.heads[{index}]";
            check.Text($"{key}.tensor", head.Tensor);
            check.InRange($"{key}.stride", head.Stride, 1, Math.Min(input.Width, input.Height));
            check.That(input.Width % head.Stride == 0 && input.Height % head.Stride == 0,
                $"{key}.stride is {head.Stride}; it must divide the input's {input.Width} x {input.Height}");
            check.Count($"{key}.anchors", head.Anchors, 1, 16);
            for (int anchor = 0; anchor < head.Anchors.Count; anchor++)
            {
                check.AboveUpTo($"{key}.anchors[{anchor}][0]", head.Anchors[anchor].Width, 0f, 65536f);
                check.AboveUpTo($"{key}.anchors[{anchor}][1]", head.Anchors[anchor].Height, 0f, 65536f);
            }
        }

        check.InRange("detection.candidateMinScore", detection.CandidateMinScore, 0f, 1f);
        check.InRange("detection.maxCandidates", detection.MaxCandidates, 1, 100_000);
        check.InRange("detection.nmsIouThreshold", detection.NmsIouThreshold, 0f, 1f);
        check.InRange("detection.detectMinScore", detection.DetectMinScore, 0f, 1f);
        check.InRange("detection.detectAndSegmentMinScore", detection.DetectAndSegmentMinScore, 0f, 1f);
        check.InRange("detection.maxRois", detection.MaxRois, 1, 1000);
        check.InRange("detection.defaultMaxDefects", detection.DefaultMaxDefects, 1, detection.MaxRois);
        if (detection.BoardOverlapPixels is { } overlap)
            check.InRange("detection.boardOverlapPixels", overlap, 1, (Math.Min(input.Width, input.Height) - 1) / 2);
    }

    private static void CheckRegions(RegionsDescription regions, InputDescription input, ManifestCheck check)
    {
        check.Text("regions.tensor", regions.Tensor);
        check.Count("regions.inputs", regions.Inputs, 1, 8);
        for (int index = 0; index < regions.Inputs.Count; index++)
        {
            RegionInput region = regions.Inputs[index];
            string key = $"regions.inputs[{index}]";
            if (region.Source == RegionSource.Features)
                check.Text($"{key}.tensor", region.Tensor);
            else
                check.That(region.Tensor is null, $"{key}.tensor is '{region.Tensor}'; an input from the image has none");
            check.InRange($"{key}.channels", region.Channels, 1, 4096);
            check.That(region.Source == RegionSource.Features || region.Channels == input.ChannelCount,
                $"{key}.channels is {region.Channels}; the image has {input.ChannelCount}");
            check.AboveUpTo($"{key}.spatialScale", region.SpatialScale, 0f, 1f);
            check.InRange($"{key}.outputSize", region.OutputSize, 1, 256);
            check.InRange($"{key}.samplingRatio", region.SamplingRatio, 1, 8);
            check.InRange($"{key}.unshuffle", region.Unshuffle, 1, 8);
            check.That(region.OutputSize % region.Unshuffle == 0,
                $"{key}.unshuffle is {region.Unshuffle}; it must divide outputSize, {region.OutputSize}");
            check.That(region.UnshuffledSize == regions.Size,
                $"{key} ends at size {region.UnshuffledSize}, the first input at {regions.Size}; all must end at the same");
        }
    }

    private static void CheckRefinement(RefinementDescription refinement, ManifestCheck check)
    {
        check.Text("refinement.maskTensor", refinement.MaskTensor);
        check.Text("refinement.classTensor", refinement.ClassTensor);
        check.Text("refinement.deltaTensor", refinement.DeltaTensor);
        check.InRange("refinement.maskSize", refinement.MaskSize, 2, 256);
        check.That(refinement.MaskThreshold is > 0f and < 1f,
            $"refinement.maskThreshold is {refinement.MaskThreshold}; it must be above 0 and below 1");
        check.Count("refinement.deltaWeights", refinement.DeltaWeights, 4, 4);
        for (int index = 0; index < 4; index++)
            check.AboveUpTo($"refinement.deltaWeights[{index}]", refinement.DeltaWeights[index], 0f, float.MaxValue);
        check.AboveUpTo("refinement.logScaleClamp", refinement.LogScaleClamp, 0f, 10f);
    }

    private static void CheckGoldens(ModelManifest manifest, ManifestCheck check)
    {
        for (int index = 0; index < manifest.Goldens.Count; index++)
        {
            CheckPath($"goldens[{index}].image", manifest.Goldens[index].Image, check);
            CheckPath($"goldens[{index}].expected", manifest.Goldens[index].Expected, check);
            check.That(manifest.Has(manifest.Goldens[index].Precision),
                $"goldens[{index}].precision is {manifest.Goldens[index].Precision}; files has no network of this precision");
        }
    }

    /// <summary>A manifest must not reach files outside its folder.</summary>
    private static void CheckPath(string key, string path, ManifestCheck check) =>
        check.That(PathPattern().IsMatch(path) && !path.Split('/').Any(part => part is "." or ".."),
            $"{key} is '{path}'; it must be a relative path inside the package's folder, with forward slashes");

    [GeneratedRegex(@"\A[a-z0-9][a-z0-9._-]{0,63}\z")]
    private static partial Regex NamePattern();

    [GeneratedRegex(@"\A[0-9A-Fa-f]{64}\z")]
    private static partial Regex Sha256Pattern();

    [GeneratedRegex(@"\A[\w.-]+(/[\w.-]+)*\z")]
    private static partial Regex PathPattern();
}
