using System.Threading.Channels;

namespace YMaskNet.Server.Tests.Support;

/// <summary>Both ends of a stream without a transport: a test sends what a handler reads, or reads what a handler sends.</summary>
internal sealed class MessageQueue<T> : IAsyncStreamReader<T>, IServerStreamWriter<T>
    where T : class
{
    private readonly Channel<T> _messages = Channel.CreateUnbounded<T>();
    private T? _current;

    public T Current => _current ?? throw new InvalidOperationException("Nothing has been read.");

    public WriteOptions? WriteOptions { get; set; }

    /// <summary>How many messages have been sent and not read.</summary>
    public int Count => _messages.Reader.Count;

    public void Send(T message) => Assert.True(_messages.Writer.TryWrite(message));

    public void End(Exception? error = null) => _messages.Writer.Complete(error);

    public async Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (!await _messages.Reader.WaitToReadAsync(cancellationToken))
            return false;

        _current = await _messages.Reader.ReadAsync(cancellationToken);
        return true;
    }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Send(message);
        return Task.CompletedTask;
    }
}
