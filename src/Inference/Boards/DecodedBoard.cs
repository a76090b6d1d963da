using System.Diagnostics;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Boards;

/// <summary>A board that came as a file, decoded as a whole: its memory is that of its pixels, until it is disposed of.</summary>
public sealed class DecodedBoard : IDisposable, IBoardRows
{
    private readonly Frame _frame;

    private DecodedBoard(Frame frame, long start)
    {
        _frame = frame;
        Start = start;
        DecodeTime = Stopwatch.GetElapsedTime(start);
    }

    /// <summary>Unit: pixels.</summary>
    public int Width => _frame.Width;

    /// <summary>Unit: pixels.</summary>
    public int Height => _frame.Height;

    /// <summary>Timestamp of the decoding's beginning.</summary>
    internal long Start { get; }

    /// <summary>How long the decoding took.</summary>
    internal TimeSpan DecodeTime { get; }

    SampleLayout IBoardRows.Layout => new(_frame.Channels, _frame.BitsPerSample, _frame.MaxSample);

    /// <summary>Decodes a JPEG, PNG, TIFF, WebP or BMP file, recognised by its signature.</summary>
    /// <param name="file">The whole file; not used any more when this returns.</param>
    /// <param name="limits">The largest board to accept, checked before any pixel is decoded.</param>
    /// <param name="cancellationToken">Looked at every few dozen rows.</param>
    /// <exception cref="InspectionException">The file is refused.</exception>
    public static DecodedBoard Decode(ReadOnlyMemory<byte> file, FrameLimits limits, CancellationToken cancellationToken)
    {
        long start = Stopwatch.GetTimestamp();
        try
        {
            return new DecodedBoard(FrameDecoder.Decode(new EncodedImage(file), limits, sharedMemory: null, cancellationToken), start);
        }
        catch (InspectionException exception)
        {
            throw new InspectionException(exception.Kind, exception.Reason, exception.Message, "file_piece", exception);
        }
    }

    /// <summary>Gives the pixels' memory back.</summary>
    public void Dispose() => _frame.Dispose();

    ReadOnlySpan<byte> IBoardRows.Row(int y) => _frame.RowBytes(y);
}
