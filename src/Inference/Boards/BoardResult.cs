using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Boards;

/// <summary>What an inspection of a board found, and what made the result.</summary>
public sealed record BoardResult
{
    /// <summary>Width of the board in pixels.</summary>
    public required int Width { get; init; }

    /// <summary>Height of the board in pixels.</summary>
    public required int Height { get; init; }

    /// <summary>In board pixels, highest score first.</summary>
    public required IReadOnlyList<Defect> Defects { get; init; }

    /// <summary>Semantic models: in board pixels, by class id, then by area, largest first.</summary>
    public required IReadOnlyList<Region> Regions { get; init; }

    /// <summary>How the board was cut.</summary>
    public required BoardTiling Tiling { get; init; }

    /// <summary>ONNX Runtime's execution provider that ran the networks.</summary>
    public required string ExecutionProvider { get; init; }

    /// <summary>The device, for example <c>cpu</c>.</summary>
    public required string Device { get; init; }

    /// <summary>What the networks computed in.</summary>
    public required ModelPrecision Precision { get; init; }

    /// <summary>Sums over all tiles; <see cref="StageTimes.Total"/> is from the opening, or for a file from its decoding on, to the result.</summary>
    public required StageTimes Times { get; init; }
}

/// <summary>How a board was cut into tiles.</summary>
/// <param name="TileCount">At least 1.</param>
/// <param name="TileWidth">Unit: pixels.</param>
/// <param name="TileHeight">Unit: pixels.</param>
/// <param name="Overlap">
/// How far neighbours overlap; those at the right and lower edge of the board may overlap further. Unit: pixels. 0 where there
/// is one tile.
/// </param>
public sealed record BoardTiling(int TileCount, int TileWidth, int TileHeight, int Overlap);
