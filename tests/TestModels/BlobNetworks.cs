using YMaskNet.Testing.Onnx;

namespace YMaskNet.Testing;

/// <summary>
/// Networks without training whose weights are set by hand: they find blobs on a dark board. A blob of grey level about
/// 0.8 is of class <c>dull</c>, one of about 1.0 of class <c>bright</c>; the letterbox value 114 (0.447) is neither.
/// </summary>
internal static class BlobNetworks
{
    /// <summary>Width and height of every tiny network's input.</summary>
    public const int InputSize = 64;

    public const int FeatureChannels = 4;
    public const int FeatureStride = 4;
    public const int OutputSize = 14;
    public const int ImageUnshuffle = 4;
    public const int MaskSize = 28;

    private const int ClassCount = 2;
    private const int AnchorChannels = 5 + ClassCount;

    /// <summary>Heads of stride 8 (two anchors) and 16 (one anchor), and with <paramref name="withFeatures"/> the map <c>p2</c>.</summary>
    public static byte[] Stage1(int channels, bool withFeatures)
    {
        OnnxGraph graph = new OnnxGraph("blob_stage1").Input("image", -1, channels, InputSize, InputSize);
        string grey = Grey(graph, channels);
        Head(graph, grey, stride: 8, anchorCount: 2);
        Head(graph, grey, stride: 16, anchorCount: 1);
        if (withFeatures)
            Features(graph, grey);
        return graph.ToBytes();
    }

    /// <summary>
    /// The two-stage model's first network with its image in 8 bits and a convolution in 8 bits before the heads, both of
    /// which change nothing of whole grey levels. Its objectness is 1 lower, so that a score tells which network ran.
    /// </summary>
    public static byte[] QuantisedStage1()
    {
        OnnxGraph graph = new OnnxGraph("blob_stage1_int8").Input("image", -1, 1, InputSize, InputSize)
            .Constant("level", [1f / 255f])
            .UInt8Constant("zero", 0)
            .Int8Constant("same_steps", [127], 1, 1, 1, 1)
            .Constant("same_scales", [1f / 127f], 1)
            .Int8Constant("same_zeros", [0], 1)
            .Node("QuantizeLinear", ["image", "level", "zero"], "image_steps")
            .Node("DequantizeLinear", ["image_steps", "level", "zero"], "image_levels")
            .Node("DequantizeLinear", ["same_steps", "same_scales", "same_zeros"], "same", OnnxAttribute.Int("axis", 0))
            .Node("Conv", ["image_levels", "same"], "grey_float", OnnxAttribute.Ints("kernel_shape", 1, 1))
            .Node("QuantizeLinear", ["grey_float", "level", "zero"], "grey_steps")
            .Node("DequantizeLinear", ["grey_steps", "level", "zero"], "grey");
        Head(graph, "grey", stride: 8, anchorCount: 2, objectnessBias: -25f);
        Head(graph, "grey", stride: 16, anchorCount: 1, objectnessBias: -25f);
        Features(graph, "grey");
        return graph.ToBytes();
    }

    /// <summary>
    /// Mask: where the image is brighter than 0.5. Class: by the brightest feature. Deltas: a fixed shift and stretch.
    /// </summary>
    public static byte[] Stage2()
    {
        const int ImageChannels = ImageUnshuffle * ImageUnshuffle;
        const int Channels = FeatureChannels + ImageChannels;
        OnnxGraph graph = new OnnxGraph("blob_stage2")
            .Input("rois", -1, Channels, OutputSize, OutputSize)
            .Output("mask_logits", -1, ClassCount, MaskSize, MaskSize)
            .Output("class_logits", -1, ClassCount + 1)
            .Output("box_deltas", -1, 4);

        // The mean of the unshuffled pixels below each output pixel, doubled in size by a stride-2 transposed convolution.
        float[] maskWeights = new float[Channels * ClassCount * 4];
        Array.Fill(maskWeights, 16f / ImageChannels, FeatureChannels * ClassCount * 4, ImageChannels * ClassCount * 4);
        graph.Constant("mask_weights", maskWeights, Channels, ClassCount, 2, 2)
            .Constant("mask_bias", [-8f, -8f], ClassCount)
            .Node("ConvTranspose", ["rois", "mask_weights", "mask_bias"], "mask_logits",
                OnnxAttribute.Ints("kernel_shape", 2, 2), OnnxAttribute.Ints("strides", 2, 2));

        graph.Node("GlobalMaxPool", ["rois"], "brightest")
            .Node("Flatten", ["brightest"], "brightest_flat", OnnxAttribute.Int("axis", 1));

        float[] classWeights = new float[Channels * (ClassCount + 1)];
        ReadOnlySpan<float> slopes = [-60f, 60f, -60f];
        slopes.CopyTo(classWeights);
        graph.Constant("class_weights", classWeights, Channels, ClassCount + 1)
            .Constant("class_bias", [54f, -54f, 30f], ClassCount + 1)
            .Node("Gemm", ["brightest_flat", "class_weights", "class_bias"], "class_logits");

        graph.Constant("delta_weights", new float[Channels * 4], Channels, 4)
            .Constant("delta_bias", [0.5f, -0.5f, 0.25f, -0.25f], 4)
            .Node("Gemm", ["brightest_flat", "delta_weights", "delta_bias"], "box_deltas");
        return graph.ToBytes();
    }

    /// <summary>Logits of background, dull and bright for each pixel.</summary>
    public static byte[] Semantic() => new OnnxGraph("blob_semantic")
        .Input("image", -1, 1, InputSize, InputSize)
        .Output("logits", -1, 3, InputSize, InputSize)
        .Constant("weights", [0f, 20f, 60f], 3, 1, 1, 1)
        .Constant("bias", [0f, -10f, -46f], 3)
        .Node("Conv", ["image", "weights", "bias"], "logits", OnnxAttribute.Ints("kernel_shape", 1, 1))
        .ToBytes();

    /// <summary>
    /// The one-stage network behind <paramref name="convolutions"/> wide convolutions that change nothing,
    /// a few milliseconds each.
    /// </summary>
    public static byte[] SlowStage1(int convolutions)
    {
        const int Width = 64;
        OnnxGraph graph = new OnnxGraph("slow_stage1").Input("image", -1, 1, InputSize, InputSize);

        // The first convolution copies the image into every channel, the later ones keep each channel as it is.
        float[] identity = new float[Width * Width * 9];
        for (int channel = 0; channel < Width; channel++)
            identity[((channel * Width) + channel) * 9 + 4] = 1f;
        float[] copies = new float[Width];
        Array.Fill(copies, 1f);
        float[] mean = new float[Width];
        Array.Fill(mean, 1f / Width);

        graph.Constant("copies", copies, Width, 1, 1, 1)
            .Constant("identity", identity, Width, Width, 3, 3)
            .Constant("mean", mean, 1, Width, 1, 1)
            .Node("Conv", ["image", "copies"], "wide_0", OnnxAttribute.Ints("kernel_shape", 1, 1));
        for (int index = 0; index < convolutions; index++)
        {
            graph.Node("Conv", [$"wide_{index}", "identity"], $"wide_{index + 1}",
                OnnxAttribute.Ints("kernel_shape", 3, 3), OnnxAttribute.Ints("pads", 1, 1, 1, 1));
        }

        graph.Node("Conv", [$"wide_{convolutions}", "mean"], "grey", OnnxAttribute.Ints("kernel_shape", 1, 1));
        Head(graph, "grey", stride: 8, anchorCount: 2);
        Head(graph, "grey", stride: 16, anchorCount: 1);
        return graph.ToBytes();
    }

    private static string Grey(OnnxGraph graph, int channels)
    {
        if (channels == 1)
            return "image";
        float[] weights = new float[channels];
        Array.Fill(weights, 1f / channels);
        graph.Constant("grey_weights", weights, 1, channels, 1, 1)
            .Node("Conv", ["image", "grey_weights"], "grey", OnnxAttribute.Ints("kernel_shape", 1, 1));
        return "grey";
    }

    /// <summary>
    /// Raw anchor outputs that depend on a cell's mean grey level m alone: objectness 40 m - 24, dull 54 - 60 m,
    /// bright 60 m - 54, each anchor's objectness 3 below the one before; boxes of an anchor's own size at the cell's centre.
    /// </summary>
    private static void Head(OnnxGraph graph, string grey, int stride, int anchorCount, float objectnessBias = -24f)
    {
        string output = $"head{stride}";
        int cells = InputSize / stride;
        float[] weights = new float[anchorCount * AnchorChannels];
        float[] bias = new float[anchorCount * AnchorChannels];
        for (int anchor = 0; anchor < anchorCount; anchor++)
        {
            int first = anchor * AnchorChannels;
            (weights[first + 4], bias[first + 4]) = (40f, objectnessBias - (3f * anchor));
            (weights[first + 5], bias[first + 5]) = (-60f, 54f);
            (weights[first + 6], bias[first + 6]) = (60f, -54f);
        }

        graph.Output(output, -1, anchorCount * AnchorChannels, cells, cells)
            .Node("AveragePool", [grey], $"mean{stride}",
                OnnxAttribute.Ints("kernel_shape", stride, stride), OnnxAttribute.Ints("strides", stride, stride))
            .Constant($"{output}_weights", weights, weights.Length, 1, 1, 1)
            .Constant($"{output}_bias", bias, bias.Length)
            .Node("Conv", [$"mean{stride}", $"{output}_weights", $"{output}_bias"], output, OnnxAttribute.Ints("kernel_shape", 1, 1));
    }

    private static void Features(OnnxGraph graph, string grey)
    {
        int cells = InputSize / FeatureStride;
        graph.Output("p2", -1, FeatureChannels, cells, cells)
            .Node("MaxPool", [grey], "brightest",
                OnnxAttribute.Ints("kernel_shape", FeatureStride, FeatureStride), OnnxAttribute.Ints("strides", FeatureStride, FeatureStride))
            .Constant("p2_weights", [1f, -1f, 0.5f, 2f], FeatureChannels, 1, 1, 1)
            .Constant("p2_bias", [0f, 1f, 0.25f, -1f], FeatureChannels)
            .Node("Conv", ["brightest", "p2_weights", "p2_bias"], "p2", OnnxAttribute.Ints("kernel_shape", 1, 1));
    }
}
