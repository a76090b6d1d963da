using Microsoft.ML.OnnxRuntime;

namespace YMaskNet.Inference.Cpu;

/// <summary>A tensor <c>[N, C, height, width] float32</c> of a batch of images, in native memory.</summary>
internal sealed class ImageTensor : IDisposable
{
    private readonly TensorBuffer _buffer;
    private readonly int _channels;
    private readonly int _height;
    private readonly int _width;

    /// <param name="maxBatch">Most images.</param>
    /// <param name="channels">C.</param>
    /// <param name="height">Rows.</param>
    /// <param name="width">Columns.</param>
    public ImageTensor(int maxBatch, int channels, int height, int width)
    {
        _channels = channels;
        _height = height;
        _width = width;
        _buffer = new TensorBuffer(checked(maxBatch * ImageLength));
    }

    private int ImageLength => _channels * _height * _width;

    /// <summary>One image's values; not to be used after <see cref="Dispose"/>.</summary>
    public Span<float> Of(int image) => _buffer.Values.Slice(image * ImageLength, ImageLength);

    /// <summary>The first images as a tensor, which does not own the memory.</summary>
    public OrtValue View(int count) => _buffer.View(0, count, _channels, _height, _width);

    /// <summary>Whether an image has the same extents in both.</summary>
    public bool HasShapeOf(ImageTensor other) => (_channels, _height, _width) == (other._channels, other._height, other._width);

    public void Dispose() => _buffer.Dispose();
}
