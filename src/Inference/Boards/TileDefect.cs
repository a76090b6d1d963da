using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>What one tile found, in board pixels.</summary>
internal sealed record TileDefect
{
    /// <summary>Number of the tile, row by row.</summary>
    public required int Tile { get; init; }

    /// <summary>Place among the tile's defects, best first.</summary>
    public required int Rank { get; init; }

    /// <summary>What the tile covers of the board.</summary>
    public required CornerBox TileArea { get; init; }

    /// <summary>What the tile shows whole of the board: a few pixels less than it covers, but at the board's own edges.</summary>
    public required CornerBox TileInterior { get; init; }

    /// <summary>Whether its centre lies in the core of its tile.</summary>
    public required bool IsOwned { get; init; }

    /// <summary>Index into the model's classes.</summary>
    public required int ClassId { get; init; }

    /// <summary>In [0, 1].</summary>
    public required float Score { get; init; }

    /// <summary>As the tile gave it, moved.</summary>
    public required PixelBox Box { get; init; }

    /// <summary>As the tile gave it, moved; <see langword="null"/> where none was made.</summary>
    public BinaryMask? Mask { get; init; }

    /// <summary>The box by its corners.</summary>
    public CornerBox Corners => new(Box.X, Box.Y, Box.X + Box.Width, Box.Y + Box.Height);

    /// <summary>The rectangle of box and mask together.</summary>
    public CornerBox Extent => Mask is { Width: > 0, Height: > 0 } mask
        ? new CornerBox(
            Math.Min(Box.X, mask.X),
            Math.Min(Box.Y, mask.Y),
            Math.Max(Box.X + Box.Width, mask.X + mask.Width),
            Math.Max(Box.Y + Box.Height, mask.Y + mask.Height))
        : Corners;

    /// <summary>Whether nothing of it comes near an inner border of its tile; else it is a fragment.</summary>
    public bool IsWhole => IsShownBy(this);

    /// <summary>Whether the tile of another finding shows the place of this one whole.</summary>
    public bool IsShownBy(TileDefect witness)
    {
        CornerBox extent = Extent;
        CornerBox interior = witness.TileInterior;
        return extent.X1 >= interior.X1 && extent.Y1 >= interior.Y1 && extent.X2 <= interior.X2 && extent.Y2 <= interior.Y2;
    }
}
