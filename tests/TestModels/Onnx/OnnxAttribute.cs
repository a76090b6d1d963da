namespace YMaskNet.Testing.Onnx;

/// <summary>An attribute of an ONNX node: a whole number or a list of them.</summary>
public sealed class OnnxAttribute
{
    // Field numbers and type codes of onnx.proto's AttributeProto.
    private const int NameField = 1;
    private const int IntField = 3;
    private const int IntsField = 8;
    private const int TypeField = 20;
    private const int IntType = 2;
    private const int IntsType = 7;

    private readonly ProtobufWriter _message = new();

    private OnnxAttribute(string name) => _message.Text(NameField, name);

    internal ProtobufWriter Message => _message;

    /// <summary>A whole number.</summary>
    public static OnnxAttribute Int(string name, long value)
    {
        OnnxAttribute attribute = new(name);
        attribute._message.Varint(IntField, value).Varint(TypeField, IntType);
        return attribute;
    }

    /// <summary>A list of whole numbers.</summary>
    public static OnnxAttribute Ints(string name, params ReadOnlySpan<long> values)
    {
        OnnxAttribute attribute = new(name);
        foreach (long value in values)
            attribute._message.Varint(IntsField, value);
        attribute._message.Varint(TypeField, IntsType);
        return attribute;
    }
}
