namespace Grpc.Net.Compression;

/// <summary>Writes through a compressor, and writes a valid empty encoding when nothing was written at all.</summary>
/// <remarks>
/// .NET's compressors emit not a single byte for empty input. An empty message would go out as "compressed, length 0",
/// which strict peers reject.
/// </remarks>
internal sealed class NonEmptyCompressionStream(Stream compressor, Stream target, byte[] emptyEncoding) : Stream
{
    private bool _anyWritten;
    private bool _disposed;

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !_disposed;

    public override long Length => throw WriteOnly();

    public override long Position
    {
        get => throw WriteOnly();
        set => throw WriteOnly();
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        _anyWritten |= !buffer.IsEmpty;
        compressor.Write(buffer);
    }

    public override void Flush()
    {
        if (_anyWritten)
        {
            compressor.Flush();
        }
    }

    public override int Read(byte[] buffer, int offset, int count) => throw WriteOnly();

    public override long Seek(long offset, SeekOrigin origin) => throw WriteOnly();

    public override void SetLength(long value) => throw WriteOnly();

    protected override void Dispose(bool disposing)
    {
        if (disposing && !_disposed)
        {
            _disposed = true;
            compressor.Dispose();
            if (!_anyWritten)
            {
                target.Write(emptyEncoding);
            }
        }

        base.Dispose(disposing);
    }

    private static NotSupportedException WriteOnly() => new("A compression stream can only be written to.");
}
