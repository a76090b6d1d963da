namespace YMaskNet.Inference.Boards;

/// <summary>What bounds the results of a board, whatever it shows.</summary>
public static class BoardLimits
{
    /// <summary>Most defects that a request may ask for.</summary>
    public const int MaxDefects = 10_000;

    /// <summary>Most defects where a request does not say: the highest-scoring.</summary>
    public const int DefaultMaxDefects = 1_000;

    /// <summary>Most bytes of masks that are held until the board is through; above it, the board is refused.</summary>
    public const long MaxMaskBytes = 256L << 20;

    /// <summary>Most runs of equal pixels in the rows of a class map, background left out; above it, the board is refused.</summary>
    public const int MaxRuns = 1 << 22;

    /// <summary>Most connected regions; above it, the board is refused.</summary>
    public const int MaxRegions = 1 << 16;

    internal static InspectionException TooComplex(string what) =>
        new(InspectionErrorKind.ResourceExhausted, "BOARD_TOO_COMPLEX", $"The board holds too much to be answered: {what}.");
}
