using System.Buffers;

namespace Grpc.Core;

/// <summary>Where a marshaller writes one message; the transport derives from it.</summary>
public abstract class SerializationContext
{
    /// <summary>Hands over the whole message at once.</summary>
    public virtual void Complete(byte[] payload) => throw Unsupported();

    /// <summary>The buffer to write the message into, before <see cref="Complete()"/>.</summary>
    public virtual IBufferWriter<byte> GetBufferWriter() => throw Unsupported();

    /// <summary>Tells the length in bytes beforehand, so that the transport can write straight through.</summary>
    public virtual void SetPayloadLength(int payloadLength) => throw Unsupported();

    /// <summary>Ends a message written into <see cref="GetBufferWriter"/>.</summary>
    public virtual void Complete() => throw Unsupported();

    private static NotSupportedException Unsupported() =>
        new("This serialization context does not support the operation.");
}
