namespace YMaskNet.Inference.Boards;

/// <summary>
/// Makes one defect of what several tiles saw of one thing. What comes out depends on what the tiles found and on nothing
/// else: not on the order in which they did.
/// </summary>
internal static class SeamRules
{
    /// <summary>
    /// What comes within so many pixels of an inner border of its tile is a fragment: the tile may not have seen all of it.
    /// </summary>
    public const float BorderPixels = 4f;

    // Two tiles' views of a thing that both see whole. Lower than in non-maximum suppression, since no tile's own defects are compared.
    private const double SameIou = 0.3;

    // Most of the smaller: of a fragment within a whole defect, or of two views of the area that both tiles look at.
    private const double SamePart = 0.5;

    /// <summary>Settles a group of findings that have nothing to do with any outside of it.</summary>
    /// <param name="group">In the order of the tiles, then of the ranks.</param>
    public static IEnumerable<MergedDefect> Settle(IReadOnlyList<TileDefect> group)
    {
        if (group.Count == 1)
            return [MergedDefect.Of(group)];
        List<TileDefect> kept = OncePerDefect(group.Where(defect => defect.IsWhole));
        DropExplained(group.Where(defect => !defect.IsWhole), kept);
        return Join([.. kept.OrderBy(defect => defect.Tile).ThenBy(defect => defect.Rank)]);
    }

    /// <summary>
    /// Of views of a thing that several tiles see whole, the one of the tile that owns its place, else the best. Defects of one
    /// tile never suppress each other: that was the tile's own business.
    /// </summary>
    private static List<TileDefect> OncePerDefect(IEnumerable<TileDefect> wholes)
    {
        List<TileDefect> kept = [];
        foreach (TileDefect candidate in wholes
            .OrderByDescending(defect => defect.IsOwned)
            .ThenByDescending(defect => defect.Score)
            .ThenBy(defect => defect.Tile)
            .ThenBy(defect => defect.Rank))
        {
            if (!kept.Exists(other => other.Tile != candidate.Tile && other.ClassId == candidate.ClassId && SharedView.BoxIou(other, candidate) > SameIou))
                kept.Add(candidate);
        }

        return kept;
    }

    /// <summary>
    /// Adds the fragments that tell something new: not those that lie mostly in a whole defect of their class, nor those that lie
    /// mostly in anything that was found by a tile that shows their place whole, since it sees all that their own tile does and
    /// the surroundings too. The largest come first, so that what explains others is not dropped itself.
    /// </summary>
    private static void DropExplained(IEnumerable<TileDefect> fragments, List<TileDefect> kept)
    {
        foreach (TileDefect fragment in fragments
            .OrderByDescending(defect => defect.Extent.Width * defect.Extent.Height)
            .ThenBy(defect => defect.Tile)
            .ThenBy(defect => defect.Rank))
        {
            if (!kept.Exists(other => Explains(other, fragment)))
                kept.Add(fragment);
        }
    }

    private static bool Explains(TileDefect found, TileDefect fragment) =>
        found.Tile != fragment.Tile
        && ((found.IsWhole && found.ClassId == fragment.ClassId) || fragment.IsShownBy(found))
        && SharedView.CoveredPart(fragment, found) > SamePart;

    /// <summary>Joins fragments with what agrees with them where both tiles look, and with what agrees with that.</summary>
    private static IEnumerable<MergedDefect> Join(TileDefect[] defects)
    {
        DisjointSets sets = new(defects.Length);
        for (int i = 0; i < defects.Length; i++)
        {
            for (int j = i + 1; j < defects.Length; j++)
            {
                if (AreOne(defects[i], defects[j]))
                    sets.Unite(i, j);
            }
        }

        return sets.Groups().Select(indices => MergedDefect.Of([.. indices.Select(index => defects[index])]));
    }

    private static bool AreOne(TileDefect a, TileDefect b) =>
        a.Tile != b.Tile
        && a.ClassId == b.ClassId
        && !(a.IsWhole && b.IsWhole)
        && SharedView.Meet(a.Extent, b.Extent)
        && SharedView.Agreement(a, b) > SamePart;
}
