using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller reads one message from; the transport derives from it.</summary>
public abstract class DeserializationContext
{
    /// <summary>The length of the message in bytes.</summary>
    public abstract int PayloadLength { get; }

    /// <summary>The message in an array that the reader owns.</summary>
    public virtual byte[] PayloadAsNewBuffer() => throw Unsupported();

    /// <summary>The message in the transport's buffers, valid only until the reader returns.</summary>
    public virtual ReadOnlySequence<byte> PayloadAsReadOnlySequence() => throw Unsupported();

    private static NotSupportedException Unsupported() =>
        new("This deserialization context does not support the operation.");
}
