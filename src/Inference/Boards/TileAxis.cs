namespace YMaskNet.Inference.Boards;

/// <summary>
/// Where tiles lie along one side of a board: each starts a fixed step after the one before, but for the last, which is moved
/// back so that it ends with the board. A board that is no longer than a tile is one tile of its own length.
/// </summary>
internal sealed class TileAxis
{
    private readonly int[] _starts;

    /// <param name="extent">Length of the board. Unit: pixels. Range: >= 1.</param>
    /// <param name="tile">Length of a tile. Unit: pixels.</param>
    /// <param name="overlap">Shared by neighbours. Unit: pixels. Range: 0 to less than <paramref name="tile"/>.</param>
    /// <param name="alignment">
    /// Divides every tile's start; divides <paramref name="tile"/> and <paramref name="overlap"/> too. The last tile may then
    /// reach beyond the board, by less than this.
    /// </param>
    public TileAxis(int extent, int tile, int overlap, int alignment = 1)
    {
        Extent = extent;
        Length = Math.Min(extent, tile);
        if (extent <= tile)
        {
            _starts = [0];
            return;
        }

        int last = ((extent - tile + alignment - 1) / alignment) * alignment;
        int step = tile - overlap;
        _starts = new int[((last + step - 1) / step) + 1];
        for (int index = 0; index < _starts.Length; index++)
            _starts[index] = Math.Min(index * step, last);
    }

    /// <summary>Length of the board.</summary>
    public int Extent { get; }

    /// <summary>Length of a tile.</summary>
    public int Length { get; }

    /// <summary>Number of tiles.</summary>
    public int Count => _starts.Length;

    /// <summary>First pixel of a tile.</summary>
    public int Start(int index) => _starts[index];

    /// <summary>Pixel after the last of a tile; beyond the board where alignment moved the tile there.</summary>
    public int End(int index) => _starts[index] + Length;

    /// <summary>First pixel of a tile's core: the part of the board that is its own, halfway into what it shares with its neighbours.</summary>
    public int CoreStart(int index) => index == 0 ? 0 : (_starts[index] + _starts[index - 1] + Length) / 2;

    /// <summary>Pixel after the last of a tile's core.</summary>
    public int CoreEnd(int index) => index == Count - 1 ? Extent : CoreStart(index + 1);

    /// <summary>The stretch that a tile shows whole: a margin away from each end that is not the board's own, endless where it is.</summary>
    public (float From, float To) Interior(int index, float margin) => (
        index == 0 ? float.NegativeInfinity : _starts[index] + margin,
        index == Count - 1 ? float.PositiveInfinity : End(index) - margin);
}
