using YMaskNet.Server.Errors;

namespace YMaskNet.Server.Transport;

/// <summary>
/// Reads from another stream up to a limit. gRPC limits a message as it is sent; a few kilobytes of gzip can stand
/// for gigabytes.
/// </summary>
/// <param name="source">Owned: disposed with this stream.</param>
/// <param name="maxBytes">How much may be read.</param>
internal sealed class BoundedReadStream(Stream source, long maxBytes) : Stream
{
    private long _read;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException("The length is known at the end only.");

    public override long Position
    {
        get => _read;
        set => throw new NotSupportedException("The stream can't seek.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer) => Count(source.Read(buffer));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Count(await source.ReadAsync(buffer, cancellationToken));

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The stream can't seek.");

    public override void SetLength(long value) => throw new NotSupportedException("The stream can't be written.");

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException("The stream can't be written.");

    public override void Flush()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            source.Dispose();

        base.Dispose(disposing);
    }

    private int Count(int bytes)
    {
        _read += bytes;
        return _read <= maxBytes
            ? bytes
            : throw ErrorTable.ToRpcException(ErrorTable.MessageTooLarge($"The decompressed message is above the limit of {maxBytes} bytes."));
    }
}
