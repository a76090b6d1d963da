using YMaskNet.Inference;
using YMaskNet.Inference.Verdicts;
using YMaskNet.Server.Errors;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Mapping;

/// <summary>Recipes from the wire. What the library checks is passed on as it is; refused here is only what it has no words for.</summary>
internal static class RecipeMapping
{
    public static Recipe ToRecipe(Wire.Recipe? recipe)
    {
        if (recipe is null)
            return Recipe.FailAnything;

        double? pixelSize = PixelSizeOf(recipe);
        Dictionary<string, ClassRule> rules = [];
        for (int i = 0; i < recipe.ClassRules.Count; i++)
        {
            Wire.NamedClassRule named = recipe.ClassRules[i];
            string field = $"recipe.class_rules[{i}]";
            if (named.Rule is null)
                throw Invalid(ErrorReasons.ClassRuleMissing, $"The class '{named.ClassName}' has no rule.", $"{field}.rule");
            if (!rules.TryAdd(named.ClassName, ToRule(named.Rule, pixelSize, $"{field}.rule")))
                throw Invalid(ErrorReasons.ClassRuleRepeated, $"The class '{named.ClassName}' has two rules.", $"{field}.class_name");
        }

        return new Recipe
        {
            DefaultRule = recipe.DefaultRule is { } rule ? ToRule(rule, pixelSize, "recipe.default_rule") : ClassRule.Everything,
            ClassRules = rules,
            IgnoredAreas = [.. recipe.IgnoredAreas.Select(box => new PixelBox(box.X, box.Y, box.Width, box.Height))],
        };
    }

    private static ClassRule ToRule(Wire.ClassRule rule, double? pixelSize, string field) => new()
    {
        IsIgnored = rule.Ignored,
        MinScore = rule.HasMinScore ? rule.MinScore : 0f,
        MinArea = rule.MinAreaCase switch
        {
            Wire.ClassRule.MinAreaOneofCase.MinAreaPixels => rule.MinAreaPixels,
            Wire.ClassRule.MinAreaOneofCase.MinAreaMm2 => rule.MinAreaMm2 / (Needed(pixelSize, field) * Needed(pixelSize, field)),
            _ => 0d,
        },
    };

    private static double Needed(double? pixelSize, string field) => pixelSize ?? throw Invalid(
        ErrorReasons.PixelSizeMissing, $"{field}.min_area_mm2 needs the recipe's millimetres_per_pixel.", "recipe.millimetres_per_pixel");

    private static double? PixelSizeOf(Wire.Recipe recipe)
    {
        if (!recipe.HasMillimetresPerPixel)
            return null;
        double size = recipe.MillimetresPerPixel;
        return double.IsFinite(size) && size > 0d
            ? size
            : throw Invalid(
                ErrorReasons.PixelSizeOutOfRange,
                FormattableString.Invariant($"millimetres_per_pixel is {size}; it must be finite and above 0."),
                "recipe.millimetres_per_pixel");
    }

    private static InspectionException Invalid(string reason, string message, string field) =>
        new(InspectionErrorKind.InvalidArgument, reason, message, field);
}
