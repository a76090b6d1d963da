using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Verdicts;

/// <summary>Which of the things that a model finds make a part fail. What is found is reported whatever the recipe says of it.</summary>
public sealed record Recipe
{
    /// <summary>Most <see cref="IgnoredAreas"/>.</summary>
    public const int MaxIgnoredAreas = 256;

    /// <summary>Anything found fails the image.</summary>
    public static Recipe FailAnything { get; } = new();

    /// <summary>The rule of classes that have none of their own.</summary>
    public ClassRule DefaultRule { get; init; } = ClassRule.Everything;

    /// <summary>Rules by class name.</summary>
    public IReadOnlyDictionary<string, ClassRule> ClassRules { get; init; } = new Dictionary<string, ClassRule>();

    /// <summary>
    /// Where nothing fails an image: something found counts as inside where the centre of its box is. In image pixels; may
    /// reach over the image. At most <see cref="MaxIgnoredAreas"/>.
    /// </summary>
    public IReadOnlyList<PixelBox> IgnoredAreas { get; init; } = [];

    /// <summary>Refuses a recipe that does not fit a model.</summary>
    /// <exception cref="InspectionException">A value is out of range, or the model has no such class; fields are named from the recipe.</exception>
    public void Check(ModelManifest manifest)
    {
        CheckRule(DefaultRule, manifest, "default_rule");
        foreach ((string className, ClassRule rule) in ClassRules)
        {
            if (!manifest.Classes.Contains(className))
            {
                throw Invalid(
                    "CLASS_UNKNOWN",
                    $"The model {manifest.Reference} has no class '{className}'; it has {string.Join(", ", manifest.Classes)}.",
                    "class_rules");
            }

            CheckRule(rule, manifest, $"class_rules[{className}].rule");
        }

        if (IgnoredAreas.Count > MaxIgnoredAreas)
        {
            throw Invalid(
                "IGNORED_AREA_COUNT_OUT_OF_RANGE",
                $"There are {IgnoredAreas.Count} ignored areas; there must be at most {MaxIgnoredAreas}.",
                "ignored_areas");
        }

        for (int index = 0; index < IgnoredAreas.Count; index++)
            CheckArea(IgnoredAreas[index], $"ignored_areas[{index}]");
    }

    private static void CheckRule(ClassRule rule, ModelManifest manifest, string field)
    {
        // Written so that NaN is refused.
        if (!(rule.MinScore >= 0f && rule.MinScore <= 1f))
        {
            throw Invalid(
                "MIN_SCORE_OUT_OF_RANGE", FormattableString.Invariant($"{field}.min_score is {rule.MinScore}; it must be in [0, 1]."), $"{field}.min_score");
        }

        if (rule.MinScore > 0f && manifest.Semantic is not null)
        {
            throw Invalid(
                "MIN_SCORE_NOT_SUPPORTED", $"Regions of the model {manifest.Reference} have no scores; {field}.min_score must not be set.", $"{field}.min_score");
        }

        if (!(rule.MinArea >= 0d && double.IsFinite(rule.MinArea)))
        {
            throw Invalid(
                "MIN_AREA_OUT_OF_RANGE", FormattableString.Invariant($"{field}.min_area is {rule.MinArea} pixels; it must be finite and at least 0."), $"{field}.min_area");
        }
    }

    private static void CheckArea(in PixelBox area, string field)
    {
        if (!(area.Width > 0f && area.Height > 0f)
            || !float.IsFinite(area.X) || !float.IsFinite(area.Y)
            || !float.IsFinite(area.X + area.Width) || !float.IsFinite(area.Y + area.Height))
        {
            throw Invalid(
                "IGNORED_AREA_OUT_OF_RANGE", $"{field} must have finite coordinates and positive width and height.", field);
        }
    }

    private static InspectionException Invalid(string reason, string message, string field) =>
        new(InspectionErrorKind.InvalidArgument, reason, message, field);
}
