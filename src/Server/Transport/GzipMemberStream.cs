using System.IO.Compression;

namespace YMaskNet.Server.Transport;

/// <summary>
/// A <see cref="GZipStream"/> that always writes a gzip member. .NET's writes nothing at all for no input, which
/// other gRPC implementations refuse as damaged. The stream beneath stays open.
/// </summary>
internal sealed class GzipMemberStream(Stream stream, CompressionLevel level) : GZipStream(stream, level, leaveOpen: true)
{
    // RFC 1952: header without name or time, an empty final block with fixed Huffman codes, CRC-32 0, length 0.
    private static readonly byte[] EmptyMember =
        [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 0x03, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private bool _ended;
    private bool _hasContent;

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _hasContent |= buffer.Length > 0;
        base.Write(buffer);
    }

    public override void WriteByte(byte value) => Write([value]);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _hasContent |= buffer.Length > 0;
        return base.WriteAsync(buffer, cancellationToken);
    }

    public override async ValueTask DisposeAsync()
    {
        if (NeedsEmptyMember())
            await BaseStream.WriteAsync(EmptyMember);

        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && NeedsEmptyMember())
            BaseStream.Write(EmptyMember);

        base.Dispose(disposing);
    }

    private bool NeedsEmptyMember()
    {
        bool needed = !_ended && !_hasContent;
        _ended = true;
        return needed;
    }
}
