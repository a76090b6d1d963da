using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>A defect of the board: one tile's, or several tiles' fragments put together.</summary>
/// <param name="ClassId">Index into the model's classes.</param>
/// <param name="Score">In [0, 1]; of fragments the highest.</param>
/// <param name="Box">In board pixels; of fragments the union.</param>
/// <param name="Masks">The fragments' masks; empty where none were made.</param>
/// <param name="Tile">The tile of the first fragment, for the order of equal scores.</param>
/// <param name="Rank">Its place in that tile.</param>
internal sealed record MergedDefect(int ClassId, float Score, PixelBox Box, IReadOnlyList<BinaryMask> Masks, int Tile, int Rank)
{
    /// <summary>Bytes of the masks.</summary>
    public long MaskBytes => Masks.Sum(mask => (long)mask.Bits.Length);

    /// <summary>Best score first, then as the tiles lie and as each gave them.</summary>
    public static int Compare(MergedDefect a, MergedDefect b)
    {
        int order = b.Score.CompareTo(a.Score);
        if (order == 0)
            order = a.Tile.CompareTo(b.Tile);
        return order != 0 ? order : a.Rank.CompareTo(b.Rank);
    }

    /// <summary>Puts together what several tiles saw of one thing, in the order of the tiles.</summary>
    public static MergedDefect Of(IReadOnlyList<TileDefect> parts)
    {
        TileDefect first = parts[0];
        PixelBox box = first.Box;
        if (parts.Count > 1)
        {
            float left = parts.Min(part => part.Corners.X1);
            float top = parts.Min(part => part.Corners.Y1);
            box = new PixelBox(left, top, parts.Max(part => part.Corners.X2) - left, parts.Max(part => part.Corners.Y2) - top);
        }

        return new MergedDefect(
            first.ClassId,
            parts.Max(part => part.Score),
            box,
            [.. parts.Select(part => part.Mask).OfType<BinaryMask>()],
            first.Tile,
            first.Rank);
    }
}
