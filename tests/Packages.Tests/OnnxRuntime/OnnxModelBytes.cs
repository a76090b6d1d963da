using Google.Protobuf;

namespace YMaskNet.Packages.Tests.OnnxRuntime;

/// <summary>Writes the smallest useful ONNX file: <c>y = x + x</c> on a vector, field by field of onnx.proto.</summary>
internal static class OnnxModelBytes
{
    private const int FloatElement = 1;

    public static byte[] Doubling(int length) => Message(model =>
    {
        Number(model, 1, 8); // ir_version
        Nested(model, 7, Graph(length));
        Nested(model, 8, Message(opset => Number(opset, 2, 17)));
    });

    private static byte[] Graph(int length) => Message(graph =>
    {
        Nested(graph, 1, Message(node =>
        {
            Text(node, 1, "x");
            Text(node, 1, "x");
            Text(node, 2, "y");
            Text(node, 4, "Add");
        }));
        Text(graph, 2, "doubling");
        Nested(graph, 11, Vector("x", length));
        Nested(graph, 12, Vector("y", length));
    });

    private static byte[] Vector(string name, int length)
    {
        byte[] shape = Message(dimensions => Nested(dimensions, 1, Message(size => Number(size, 1, length))));
        byte[] tensor = Message(type =>
        {
            Number(type, 1, FloatElement);
            Nested(type, 2, shape);
        });
        return Message(value =>
        {
            Text(value, 1, name);
            Nested(value, 2, Message(type => Nested(type, 1, tensor)));
        });
    }

    private static byte[] Message(Action<CodedOutputStream> write)
    {
        using MemoryStream bytes = new();
        using (CodedOutputStream output = new(bytes, leaveOpen: true))
        {
            write(output);
        }

        return bytes.ToArray();
    }

    private static void Number(CodedOutputStream output, int field, long value)
    {
        output.WriteTag(field, WireFormat.WireType.Varint);
        output.WriteInt64(value);
    }

    private static void Text(CodedOutputStream output, int field, string value)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteString(value);
    }

    private static void Nested(CodedOutputStream output, int field, byte[] message)
    {
        output.WriteTag(field, WireFormat.WireType.LengthDelimited);
        output.WriteBytes(ByteString.CopyFrom(message));
    }
}
