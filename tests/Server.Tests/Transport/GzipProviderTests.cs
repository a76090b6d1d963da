using System.IO.Compression;
using YMaskNet.Server.Transport;

namespace YMaskNet.Server.Tests.Transport;

public sealed class GzipProviderTests
{
    private const int Limit = 1000;

    private readonly GzipProvider _provider = new(Limit);

    [Fact]
    public void CreateCompressionStream_NothingWritten_ValidEmptyMember()
    {
        byte[] compressed = Compress(_ => { });

        Assert.NotEmpty(compressed);
        Assert.Empty(Decompress(compressed));
    }

    [Fact]
    public async Task CreateCompressionStream_NothingWrittenAndDisposedAsync_ValidEmptyMember()
    {
        using MemoryStream target = new();
        await using (Stream stream = _provider.CreateCompressionStream(target, CompressionLevel.Fastest))
            await stream.WriteAsync(ReadOnlyMemory<byte>.Empty);

        Assert.NotEmpty(target.ToArray());
        Assert.Empty(Decompress(target.ToArray()));
    }

    [Fact]
    public void CreateCompressionStream_EmptyWrites_OneMemberAlone()
    {
        byte[] once = Compress(_ => { });
        byte[] compressed = Compress(stream =>
        {
            stream.Write([], 0, 0);
            stream.Write([]);
        });

        Assert.Equal(once, compressed);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(999)]
    public void CreateCompressionStream_Content_ComesBack(int length)
    {
        byte[] content = [.. Enumerable.Range(0, length).Select(i => (byte)i)];

        byte[] compressed = Compress(stream =>
        {
            stream.WriteByte(content[0]);
            stream.Write(content.AsSpan(1));
        });

        Assert.Equal(content, Decompress(compressed));
    }

    [Fact]
    public void CreateCompressionStream_Disposed_LeavesTheTargetOpen()
    {
        using MemoryStream target = new();

        _provider.CreateCompressionStream(target, null).Dispose();

        Assert.True(target.CanWrite);
    }

    [Fact]
    public void CreateDecompressionStream_ExactlyTheLimit_Read()
    {
        byte[] compressed = Compress(stream => stream.Write(new byte[Limit]));

        Assert.Equal(Limit, Decompress(compressed).Length);
    }

    [Fact]
    public void CreateDecompressionStream_AboveTheLimit_ResourceExhausted()
    {
        byte[] bomb = Compress(stream => stream.Write(new byte[Limit + 1]));

        Rejection rejection = Rejection.Of(Assert.Throws<RpcException>(() => Decompress(bomb)));

        Assert.Equal((StatusCode.ResourceExhausted, "MESSAGE_TOO_LARGE"), (rejection.Code, rejection.Reason));
    }

    private byte[] Compress(Action<Stream> write)
    {
        using MemoryStream target = new();
        using (Stream stream = _provider.CreateCompressionStream(target, CompressionLevel.Fastest))
            write(stream);

        return target.ToArray();
    }

    private byte[] Decompress(byte[] compressed)
    {
        using MemoryStream source = new(compressed);
        using Stream stream = _provider.CreateDecompressionStream(source);
        using MemoryStream content = new();
        stream.CopyTo(content);
        return content.ToArray();
    }
}
