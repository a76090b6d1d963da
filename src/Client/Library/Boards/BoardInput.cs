using System.Runtime.CompilerServices;
using YMaskNet.V1;
using Task = System.Threading.Tasks.Task;

namespace YMaskNet.Client;

/// <summary>
/// A board to inspect: rows of pixels as a line-scan camera gives them, or an encoded file. It is drawn from its source piece by
/// piece while it is sent: pixels and files again where a call is tried again, rows that come from elsewhere once.
/// </summary>
public sealed class BoardInput
{
    // Large enough to cost nothing by their number, small enough that a server takes them by default.
    private const int PieceBytes = 1 << 20;

    private readonly RawBoard? _raw;
    private readonly Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> _pieces;

    private BoardInput(
        RawBoard? raw, long totalBytes, bool canBeReadAgain, Func<CancellationToken, IAsyncEnumerable<ReadOnlyMemory<byte>>> pieces)
    {
        CanBeReadAgain = canBeReadAgain;
        _raw = raw;
        TotalBytes = totalBytes;
        _pieces = pieces;
    }

    /// <summary>Length of the board as it is sent. Unit: bytes.</summary>
    public long TotalBytes { get; }

    /// <summary>Whether it can be sent a second time.</summary>
    internal bool CanBeReadAgain { get; }

    /// <summary>Takes rows as they come.</summary>
    /// <param name="width">Unit: pixels. Range: at least 1.</param>
    /// <param name="height">Unit: pixels. Range: at least 1.</param>
    /// <param name="pixelFormat">Layout of a pixel, under its GenICam PFNC number.</param>
    /// <param name="strips">
    /// One whole row or several at a time, top row first, without padding; each must stay as it is until the next one is asked for.
    /// </param>
    public static BoardInput FromStrips(int width, int height, PixelFormat pixelFormat, IAsyncEnumerable<ReadOnlyMemory<byte>> strips)
    {
        RawBoard raw = Describe(width, height, pixelFormat);
        return new BoardInput(raw, RowBytes(raw) * height, canBeReadAgain: false, _ => strips);
    }

    /// <summary>Takes the pixels of a whole board from memory, row-major, top row first, without padding.</summary>
    /// <inheritdoc cref="FromStrips"/>
    /// <param name="pixels">Exactly the board's pixels; they must stay as they are until the call has ended.</param>
    public static BoardInput FromPixels(ReadOnlyMemory<byte> pixels, int width, int height, PixelFormat pixelFormat)
    {
        RawBoard raw = Describe(width, height, pixelFormat);
        long rowBytes = RowBytes(raw);
        if (pixels.Length != rowBytes * height)
            throw new ArgumentException($"There are {pixels.Length} bytes; {width} x {height} {pixelFormat} pixels have {rowBytes * height}.", nameof(pixels));
        int stripBytes = StripBytes(rowBytes);
        return new BoardInput(raw, pixels.Length, canBeReadAgain: true, _ => Cut(pixels, stripBytes));
    }

    /// <summary>Takes rows from a stream: a file of bare pixels, a pipe.</summary>
    /// <inheritdoc cref="FromStrips"/>
    /// <param name="rows">Row-major, top row first, without padding; stays open.</param>
    public static BoardInput FromRowStream(Stream rows, int width, int height, PixelFormat pixelFormat)
    {
        RawBoard raw = Describe(width, height, pixelFormat);
        long total = RowBytes(raw) * height;
        int stripBytes = StripBytes(RowBytes(raw));
        return new BoardInput(raw, total, canBeReadAgain: false, cancellationToken => Read(rows, total, stripBytes, cancellationToken));
    }

    /// <summary>Takes a JPEG, PNG, TIFF, WebP or BMP file. The server recognises the format by its signature.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static BoardInput FromFile(string path)
    {
        long length = new FileInfo(path).Length;
        return new BoardInput(raw: null, length, canBeReadAgain: true, cancellationToken => ReadFile(path, length, cancellationToken));
    }

    internal BoardOpening Complete(BoardOpening opening)
    {
        if (_raw is not null)
            opening.Raw = _raw;
        else
            opening.Encoded = new EncodedBoard { SizeBytes = (ulong)TotalBytes };
        return opening;
    }

    internal async IAsyncEnumerable<(InspectBoardRequest Message, int Bytes)> ToMessages([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await foreach (ReadOnlyMemory<byte> piece in _pieces(cancellationToken).WithCancellation(cancellationToken).ConfigureAwait(false))
        {
            Google.Protobuf.ByteString bytes = Google.Protobuf.UnsafeByteOperations.UnsafeWrap(piece);
            yield return (_raw is null ? new InspectBoardRequest { FilePiece = bytes } : new InspectBoardRequest { Rows = bytes }, piece.Length);
        }
    }

    private static RawBoard Describe(int width, int height, PixelFormat pixelFormat)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        return new RawBoard { Width = (uint)width, Height = (uint)height, PixelFormat = pixelFormat };
    }

    private static long RowBytes(RawBoard raw) => raw.Width * raw.PixelFormat switch
    {
        PixelFormat.Mono8 or PixelFormat.BayerRg8 => 1L,
        PixelFormat.Mono10 or PixelFormat.Mono12 or PixelFormat.Mono16 => 2L,
        PixelFormat.Rgb8 or PixelFormat.Bgr8 => 3L,
        _ => throw new ArgumentOutOfRangeException(nameof(raw), raw.PixelFormat, "There is no such pixel format."),
    };

    private static int StripBytes(long rowBytes) => (int)(Math.Max(1, PieceBytes / rowBytes) * rowBytes);

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Cut(ReadOnlyMemory<byte> pixels, int stripBytes)
    {
        for (int offset = 0; offset < pixels.Length; offset += stripBytes)
            yield return pixels.Slice(offset, Math.Min(stripBytes, pixels.Length - offset));
        await Task.CompletedTask.ConfigureAwait(false);
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadFile(
        string path, long length, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        FileStream file = new(path, new FileStreamOptions { Options = FileOptions.Asynchronous | FileOptions.SequentialScan });
        await using (file.ConfigureAwait(false))
        {
            await foreach (ReadOnlyMemory<byte> piece in Read(file, length, PieceBytes, cancellationToken).ConfigureAwait(false))
                yield return piece;
        }
    }

    private static async IAsyncEnumerable<ReadOnlyMemory<byte>> Read(
        Stream stream, long length, int pieceBytes, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        byte[] piece = new byte[pieceBytes];
        for (long rest = length; rest > 0;)
        {
            int count = (int)Math.Min(pieceBytes, rest);
            await stream.ReadExactlyAsync(piece.AsMemory(0, count), cancellationToken).ConfigureAwait(false);
            rest -= count;
            yield return piece.AsMemory(0, count);
        }
    }
}
