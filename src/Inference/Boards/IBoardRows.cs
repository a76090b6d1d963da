namespace YMaskNet.Inference.Boards;

/// <summary>Rows of a board, of those that are held at the moment.</summary>
internal interface IBoardRows
{
    /// <summary>How samples lie in a row.</summary>
    SampleLayout Layout { get; }

    /// <summary>Unit: pixels.</summary>
    int Width { get; }

    /// <summary>Unit: pixels, of the whole board.</summary>
    int Height { get; }

    /// <summary>One row's samples.</summary>
    ReadOnlySpan<byte> Row(int y);
}

/// <summary>How samples lie in a row.</summary>
/// <param name="Channels">1 (grey) or 3 (red, green, blue), interleaved.</param>
/// <param name="BitsPerSample">8 or 16, in the machine's byte order.</param>
/// <param name="MaxSample">The sample that stands for 1.0.</param>
internal readonly record struct SampleLayout(int Channels, int BitsPerSample, int MaxSample)
{
    public int BytesPerPixel => Channels * (BitsPerSample / 8);
}
