using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Verdicts;

/// <summary>Applies a recipe to results.</summary>
/// <param name="recipe">The recipe; it fits the results' model.</param>
public sealed class Judge(Recipe recipe)
{
    /// <summary>
    /// What fails an image: places in <see cref="InspectionResult.Defects"/>, or, where there are none, in
    /// <see cref="InspectionResult.Regions"/>; ascending. The image passes where there are none.
    /// </summary>
    public IReadOnlyList<int> Rejecting(InspectionResult result)
    {
        List<int>? rejecting = null;
        int most = result.Defects.Count + result.Regions.Count;
        for (int index = 0; index < result.Defects.Count; index++)
        {
            Defect defect = result.Defects[index];
            double area = defect.Mask?.Area ?? ((double)defect.Box.Width * defect.Box.Height);
            if (Fails(defect.ClassName, defect.Score, area, defect.Box))
                (rejecting ??= new List<int>(most)).Add(index);
        }

        for (int index = 0; index < result.Regions.Count; index++)
        {
            Region region = result.Regions[index];
            if (Fails(region.ClassName, score: 1f, region.Area, region.Box))
                (rejecting ??= new List<int>(most)).Add(index);
        }

        return rejecting ?? (IReadOnlyList<int>)[];
    }

    private bool Fails(string className, float score, double area, in PixelBox box)
    {
        ClassRule rule = recipe.ClassRules.TryGetValue(className, out ClassRule? own) ? own : recipe.DefaultRule;
        return !rule.IsIgnored && score >= rule.MinScore && area >= rule.MinArea && !IsIgnored(box);
    }

    private bool IsIgnored(in PixelBox box)
    {
        float x = box.X + (box.Width / 2);
        float y = box.Y + (box.Height / 2);
        foreach (PixelBox area in recipe.IgnoredAreas)
        {
            if (x >= area.X && x < area.X + area.Width && y >= area.Y && y < area.Y + area.Height)
                return true;
        }

        return false;
    }
}
