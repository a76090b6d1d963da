using System.IO.Compression;

namespace YMaskNet.Server.Transport;

/// <summary>
/// Compresses into a gzip member, whatever is written. .NET's own stream writes nothing at all for no input, which
/// other gRPC implementations refuse as damaged.
/// </summary>
/// <param name="target">Takes the compressed bytes; stays open.</param>
/// <param name="level">How hard to try.</param>
internal sealed class GzipMemberStream(Stream target, CompressionLevel level) : Stream
{
    // RFC 1952: header without name or time, an empty final block with fixed Huffman codes, CRC-32 0, length 0.
    private static readonly byte[] EmptyMember =
        [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly GZipStream _gzip = new(target, level, leaveOpen: true);
    private bool _ended;
    private bool _hasContent;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !_ended;

    public override long Length => throw new NotSupportedException("The length is known at the end only.");

    public override long Position
    {
        get => throw new NotSupportedException("The stream can't seek.");
        set => throw new NotSupportedException("The stream can't seek.");
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hasContent |= buffer.Length > 0;
        _gzip.Write(buffer);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _hasContent |= buffer.Length > 0;
        return _gzip.WriteAsync(buffer, cancellationToken);
    }

    public override void Flush() => _gzip.Flush();

    public override Task FlushAsync(CancellationToken cancellationToken) => _gzip.FlushAsync(cancellationToken);

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The stream can't be read.");

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream can't seek.");

    public override void SetLength(long value) => throw new NotSupportedException("The stream can't seek.");

    public override async ValueTask DisposeAsync()
    {
        if (End())
            await target.WriteAsync(EmptyMember);

        await _gzip.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            if (End())
                target.Write(EmptyMember);

            _gzip.Dispose();
        }

        base.Dispose(disposing);
    }

    // True once, and only if nothing was written.
    private bool End()
    {
        bool needsEmptyMember = !_ended && !_hasContent;
        _ended = true;
        return needsEmptyMember;
    }
}
