using System.Buffers;
using Google.Protobuf;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Transport;

/// <summary>
/// Reads messages that have an image without an array of the image's size for each: protobuf's own parser copies bytes into
/// new memory, which for images is garbage that only full collections clear. Pixels are copied once, from the connection's
/// memory into a pooled array; the parser gets the message without them. What is unusual about a message, as fields that
/// occur twice, is left to the parser, so that every message means the same either way.
/// </summary>
/// <typeparam name="T">The message.</typeparam>
/// <param name="parser">Its parser.</param>
/// <param name="image">Its image, <see langword="null"/> where it has none.</param>
/// <param name="imageFields">Field numbers from the message to its image.</param>
internal sealed class PixelReader<T>(MessageParser<T> parser, Func<T, Wire.Image?> image, params int[] imageFields)
    where T : IMessage<T>
{
    // Shorter ones cost less to copy twice than to look for.
    private const int ShortestPixels = 4096;

    // Around one thread's message without its pixels.
    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _shortened;

    /// <summary>Reads a message.</summary>
    /// <exception cref="InvalidProtocolBufferException">The bytes are not such a message.</exception>
    public Received<T> Read(in ReadOnlySequence<byte> bytes)
    {
        Span<DelimitedField> around = stackalloc DelimitedField[imageFields.Length + 1];
        if (bytes.Length < ShortestPixels || !TryFind(bytes, around, out int depth, out DelimitedField pixels) || pixels.Length < ShortestPixels)
            return new Received<T>(parser.ParseFrom(bytes), pixels: null);

        T message = ParseWithout(bytes, around[..depth], pixels);
        byte[] rented = ArrayPool<byte>.Shared.Rent((int)pixels.Length);
        bytes.Slice(pixels.ContentAt, pixels.Length).CopyTo(rented);
        ByteString content = UnsafeByteOperations.UnsafeWrap(rented.AsMemory(0, (int)pixels.Length));
        Wire.Image target = image(message)!;
        if (target.SourceCase == Wire.Image.SourceOneofCase.Raw)
            target.Raw.Data = content;
        else
            target.Encoded = content;
        return new Received<T>(message, rented);
    }

    /// <summary>Finds the pixels and the messages around them, outermost first.</summary>
    private bool TryFind(in ReadOnlySequence<byte> bytes, Span<DelimitedField> around, out int depth, out DelimitedField pixels)
    {
        depth = 0;
        pixels = new DelimitedField(0, 0, bytes.Length);
        foreach (int imageField in imageFields)
        {
            if (!ProtobufFields.TryFindOnly(bytes, pixels.ContentAt, pixels.End, [imageField], out _, out pixels))
                return false;
            around[depth++] = pixels;
        }

        if (!ProtobufFields.TryFindOnly(
            bytes, pixels.ContentAt, pixels.End, [Wire.Image.EncodedFieldNumber, Wire.Image.RawFieldNumber], out int form, out pixels))
        {
            return false;
        }

        if (form == Wire.Image.EncodedFieldNumber)
            return true;
        around[depth++] = pixels;
        return ProtobufFields.TryFindOnly(bytes, pixels.ContentAt, pixels.End, [Wire.RawImage.DataFieldNumber], out _, out pixels);
    }

    /// <summary>The message with no pixels: their length is 0, and those of the messages around them are the shorter.</summary>
    private T ParseWithout(in ReadOnlySequence<byte> bytes, ReadOnlySpan<DelimitedField> around, in DelimitedField pixels)
    {
        Span<long> lengths = stackalloc long[around.Length];
        long removed = pixels.End - pixels.LengthAt - 1;
        for (int level = around.Length - 1; level >= 0; level--)
        {
            lengths[level] = around[level].Length - removed;
            removed += around[level].ContentAt - around[level].LengthAt - ProtobufFields.VarintLength(lengths[level]);
        }

        ArrayBufferWriter<byte> shortened = _shortened ??= new ArrayBufferWriter<byte>();
        shortened.ResetWrittenCount();
        long copied = 0;
        for (int level = 0; level < around.Length; level++)
        {
            Copy(bytes.Slice(copied, around[level].LengthAt - copied), shortened);
            ProtobufFields.WriteVarint(lengths[level], shortened);
            copied = around[level].ContentAt;
        }

        Copy(bytes.Slice(copied, pixels.LengthAt - copied), shortened);
        ProtobufFields.WriteVarint(0, shortened);
        Copy(bytes.Slice(pixels.End), shortened);
        return parser.ParseFrom(shortened.WrittenSpan);
    }

    private static void Copy(in ReadOnlySequence<byte> source, ArrayBufferWriter<byte> target)
    {
        source.CopyTo(target.GetSpan((int)source.Length));
        target.Advance((int)source.Length);
    }
}
