using System.Numerics.Tensors;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Segmentation;

/// <summary>
/// Pastes a mask of <c>[size, size]</c> logits into the box that its region was cut from, at the image's resolution and no
/// further than the box reaches: bilinear between cell centres, the border replicated. One thread owns an instance.
/// </summary>
internal sealed class MaskPaster
{
    private readonly int _size;
    private readonly float _threshold;
    private readonly float[] _probabilities;
    private readonly float[] _row;
    private int[] _cell = [];
    private float[] _weight = [];
    private byte[] _inside = [];

    /// <param name="size">Cells along each side of a mask.</param>
    /// <param name="threshold">A pixel is inside where its probability is above this.</param>
    public MaskPaster(int size, float threshold)
    {
        _size = size;
        _threshold = threshold;
        _probabilities = new float[size * size];
        _row = new float[size];
    }

    /// <summary>Bytes of a box's mask.</summary>
    public static int BytesOf(in CornerBox imageBox)
    {
        (_, _, int width, int height) = PixelsOf(imageBox);
        return BinaryMask.BytesOf(width, height);
    }

    /// <summary>Pastes one mask.</summary>
    /// <param name="logits"><c>[size, size]</c>; a pixel that draws on NaN is outside.</param>
    /// <param name="imageBox">In image pixels, inside the image.</param>
    /// <param name="memory">Where the mask is to lie; <see langword="null"/>: in an array of its own.</param>
    public BinaryMask Paste(ReadOnlySpan<float> logits, in CornerBox imageBox, MaskMemory? memory = null)
    {
        (int left, int top, int width, int height) = PixelsOf(imageBox);
        BinaryMask mask = memory is null ? new(left, top, width, height) : new(left, top, width, height, memory);

        TensorPrimitives.Sigmoid(logits, _probabilities);
        PlaceColumns(left, width, imageBox);
        for (int y = 0; y < height; y++)
        {
            (int cell, float weight) = Place(top + y, imageBox.Y1, imageBox.Y2);
            int next = Math.Min(cell + 1, _size - 1);
            MixRows(_probabilities.AsSpan(cell * _size, _size), _probabilities.AsSpan(next * _size, _size), weight);
            Threshold(_inside.AsSpan(0, width));
            mask.SetRow(y, _inside.AsSpan(0, width));
        }

        return mask;
    }

    /// <summary>The pixels that a box touches.</summary>
    private static (int Left, int Top, int Width, int Height) PixelsOf(in CornerBox box)
    {
        int left = (int)MathF.Floor(box.X1);
        int top = (int)MathF.Floor(box.Y1);
        return (left, top, (int)MathF.Ceiling(box.X2) - left, (int)MathF.Ceiling(box.Y2) - top);
    }

    private void PlaceColumns(int left, int width, in CornerBox imageBox)
    {
        if (_cell.Length < width)
        {
            _cell = new int[width];
            _weight = new float[width];
            _inside = new byte[width];
        }

        for (int x = 0; x < width; x++)
            (_cell[x], _weight[x]) = Place(left + x, imageBox.X1, imageBox.X2);
    }

    /// <summary>The cell at or before a pixel's centre, and the weight of the next one.</summary>
    private (int Cell, float Weight) Place(int pixel, double start, double end)
    {
        double position = ((pixel + 0.5 - start) / (end - start) * _size) - 0.5;
        double clamped = Math.Clamp(position, 0.0, _size - 1);
        int cell = (int)clamped;
        return (cell, (float)(clamped - cell));
    }

    private void MixRows(ReadOnlySpan<float> row, ReadOnlySpan<float> next, float weight)
    {
        for (int cell = 0; cell < _row.Length; cell++)
            _row[cell] = (row[cell] * (1f - weight)) + (next[cell] * weight);
    }

    private void Threshold(Span<byte> inside)
    {
        ReadOnlySpan<float> row = _row;
        ReadOnlySpan<int> cells = _cell.AsSpan(0, inside.Length);
        ReadOnlySpan<float> weights = _weight.AsSpan(0, inside.Length);
        for (int x = 0; x < inside.Length; x++)
        {
            int cell = cells[x];
            int next = Math.Min(cell + 1, row.Length - 1);
            float value = (row[cell] * (1f - weights[x])) + (row[next] * weights[x]);
            inside[x] = value > _threshold ? (byte)1 : (byte)0;
        }
    }
}
