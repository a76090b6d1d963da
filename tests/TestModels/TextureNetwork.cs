using YMaskNet.Testing.Onnx;

namespace YMaskNet.Testing;

/// <summary>
/// A fully convolutional semantic network with random weights, for an input of any size: a 3 x 3 convolution, pooling by
/// 4, a 3 x 3 convolution, up by 4 again beside the first map, and a last 3 x 3 convolution. An output pixel looks 9 pixels to each side at
/// most.
/// </summary>
public static class TextureNetwork
{
    /// <summary>Input pixels between cells of the coarse map.</summary>
    public const int Stride = 4;

    /// <summary>How far an output pixel looks, rounded up to the stride.</summary>
    public const int HaloPixels = 12;

    /// <summary>Number of classes; the first is the background.</summary>
    public const int ClassCount = 4;

    private const int Width = 6;

    /// <summary>The bytes of the <c>.onnx</c> file: <c>image [N, 1, H, W]</c> to <c>logits [N, 4, H, W]</c>.</summary>
    public static byte[] ToOnnx()
    {
        Random random = new(20);
        OnnxGraph graph = new OnnxGraph("texture")
            .Input("image", -1, 1, -1, -1)
            .Output("logits", -1, ClassCount, -1, -1);
        Convolution(graph, random, "image", "fine", inputs: 1, outputs: Width);
        graph.Node("MaxPool", ["fine"], "pooled", OnnxAttribute.Ints("kernel_shape", Stride, Stride), OnnxAttribute.Ints("strides", Stride, Stride));
        Convolution(graph, random, "pooled", "coarse", inputs: Width, outputs: Width);
        graph.Constant("up_weights", Noise(random, Width * Width * Stride * Stride), Width, Width, Stride, Stride)
            .Node("ConvTranspose", ["coarse", "up_weights"], "raised",
                OnnxAttribute.Ints("kernel_shape", Stride, Stride), OnnxAttribute.Ints("strides", Stride, Stride))
            .Node("Concat", ["fine", "raised"], "both", OnnxAttribute.Int("axis", 1));
        Convolution(graph, random, "both", "logits", inputs: 2 * Width, outputs: ClassCount);
        return graph.ToBytes();
    }

    private static void Convolution(OnnxGraph graph, Random random, string input, string output, int inputs, int outputs) => graph
        .Constant($"{output}_weights", Noise(random, outputs * inputs * 9), outputs, inputs, 3, 3)
        .Constant($"{output}_bias", Noise(random, outputs), outputs)
        .Node("Conv", [input, $"{output}_weights", $"{output}_bias"], output,
            OnnxAttribute.Ints("kernel_shape", 3, 3), OnnxAttribute.Ints("pads", 1, 1, 1, 1));

    private static float[] Noise(Random random, int count) =>
        [.. Enumerable.Range(0, count).Select(_ => (float)((random.NextDouble() * 2) - 1))];
}
