using System.Buffers;

namespace YMaskNet.Server.Transport;

/// <summary>
/// A caller's message whose pixels lie in pooled memory. Whoever handles the message disposes of it when nothing looks at
/// the pixels any more; one that is never disposed of costs the pool an array and nothing else.
/// </summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="message">The message.</param>
/// <param name="pixels">An array of <see cref="ArrayPool{T}.Shared"/> that the message looks into, if there is one.</param>
internal sealed class Received<T>(T message, byte[]? pixels) : IDisposable
{
    private byte[]? _pixels = pixels;

    /// <summary>The message; its pixels are valid until <see cref="Dispose"/>.</summary>
    public T Message { get; } = message;

    /// <summary>Gives the memory back. Later calls do nothing.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _pixels, null) is { } rented)
            ArrayPool<byte>.Shared.Return(rented);
    }
}
