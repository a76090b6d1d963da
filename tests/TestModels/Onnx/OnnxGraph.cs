using System.Globalization;
using System.Runtime.InteropServices;

namespace YMaskNet.Testing.Onnx;

/// <summary>Builds a small ONNX model of float32 tensors, node by node.</summary>
/// <param name="name">Name of the graph.</param>
public sealed class OnnxGraph(string name)
{
    private const int IrVersion = 8;
    private const int OpsetVersion = 16;
    private const int FloatType = 1;
    private const int UInt8Type = 2;
    private const int Int8Type = 3;
    private const int Int64Type = 7;

    private readonly ProtobufWriter _graph = new();
    private int _nodeCount;

    /// <summary>Declares an input; a negative extent is dynamic.</summary>
    public OnnxGraph Input(string tensor, params ReadOnlySpan<long> shape)
    {
        _graph.Message(11, ValueInfo(tensor, shape));
        return this;
    }

    /// <summary>Declares an output; a negative extent is dynamic.</summary>
    public OnnxGraph Output(string tensor, params ReadOnlySpan<long> shape)
    {
        _graph.Message(12, ValueInfo(tensor, shape));
        return this;
    }

    /// <summary>Adds constant float32 data.</summary>
    public OnnxGraph Constant(string tensor, ReadOnlySpan<float> values, params ReadOnlySpan<long> shape)
    {
        _graph.Message(5, Tensor(tensor, FloatType, MemoryMarshal.AsBytes(values), shape));
        return this;
    }

    /// <summary>Adds constant signed 8-bit data.</summary>
    public OnnxGraph Int8Constant(string tensor, ReadOnlySpan<sbyte> values, params ReadOnlySpan<long> shape)
    {
        _graph.Message(5, Tensor(tensor, Int8Type, MemoryMarshal.AsBytes(values), shape));
        return this;
    }

    /// <summary>Adds a constant unsigned 8-bit number without axes.</summary>
    public OnnxGraph UInt8Constant(string tensor, byte value)
    {
        _graph.Message(5, Tensor(tensor, UInt8Type, [value], []));
        return this;
    }

    /// <summary>Adds a constant shape or list of axes.</summary>
    public OnnxGraph Constant(string tensor, params ReadOnlySpan<long> values)
    {
        _graph.Message(5, Tensor(tensor, Int64Type, MemoryMarshal.AsBytes(values), [values.Length]));
        return this;
    }

    /// <summary>Adds a node with one output.</summary>
    public OnnxGraph Node(string operation, ReadOnlySpan<string> inputs, string output, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        ProtobufWriter node = new();
        foreach (string input in inputs)
            node.Text(1, input);
        node.Text(2, output);
        node.Text(3, operation + (_nodeCount++).ToString(CultureInfo.InvariantCulture));
        node.Text(4, operation);
        foreach (OnnxAttribute attribute in attributes)
            node.Message(5, attribute.Message);
        _graph.Message(1, node);
        return this;
    }

    /// <summary>The bytes of the <c>.onnx</c> file.</summary>
    public byte[] ToBytes()
    {
        byte[] graph = [.. new ProtobufWriter().Text(2, name).Written, .. _graph.Written];
        ProtobufWriter opset = new ProtobufWriter().Text(1, "").Varint(2, OpsetVersion);
        return new ProtobufWriter()
            .Varint(1, IrVersion)
            .Text(2, "YMaskNet.TestModels")
            .Bytes(7, graph)
            .Message(8, opset)
            .Written.ToArray();
    }

    private static ProtobufWriter Tensor(string tensor, int elementType, ReadOnlySpan<byte> rawData, ReadOnlySpan<long> shape)
    {
        ProtobufWriter message = new();
        foreach (long extent in shape)
            message.Varint(1, extent);
        return message.Varint(2, elementType).Text(8, tensor).Bytes(9, rawData);
    }

    private static ProtobufWriter ValueInfo(string tensor, ReadOnlySpan<long> shape)
    {
        ProtobufWriter dimensions = new();
        for (int axis = 0; axis < shape.Length; axis++)
        {
            ProtobufWriter dimension = shape[axis] < 0
                ? new ProtobufWriter().Text(2, $"{tensor}_{axis}")
                : new ProtobufWriter().Varint(1, shape[axis]);
            dimensions.Message(1, dimension);
        }

        ProtobufWriter tensorType = new ProtobufWriter().Varint(1, FloatType).Message(2, dimensions);
        ProtobufWriter type = new ProtobufWriter().Message(1, tensorType);
        return new ProtobufWriter().Text(1, tensor).Message(2, type);
    }
}
