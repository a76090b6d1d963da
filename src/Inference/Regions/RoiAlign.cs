using System.Numerics.Tensors;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Regions;

/// <summary>
/// RoIAlign with <c>aligned = true</c> of one region input, followed by its pixel unshuffle. One thread owns an instance; it
/// allocates nothing after its construction.
/// </summary>
internal sealed class RoiAlign
{
    private readonly RegionInput _input;
    private readonly int _width;
    private readonly int _height;
    private readonly SampleAxis _columns;
    private readonly SampleAxis _rows;
    private readonly float[] _rowSum;

    /// <param name="input">The region input, as the manifest has it.</param>
    /// <param name="width">Width of the source.</param>
    /// <param name="height">Height of the source.</param>
    public RoiAlign(RegionInput input, int width, int height)
    {
        _input = input;
        _width = width;
        _height = height;
        _columns = new SampleAxis(input.OutputSize, input.SamplingRatio);
        _rows = new SampleAxis(input.OutputSize, input.SamplingRatio);
        _rowSum = new float[width];
    }

    /// <summary>Values of one region in the output.</summary>
    public int OutputLength => _input.Channels * _input.OutputSize * _input.OutputSize;

    /// <summary>Cuts one region.</summary>
    /// <param name="source">The source, <c>[channels, height, width]</c>.</param>
    /// <param name="box">The region in network pixels.</param>
    /// <param name="output"><c>[channels * unshuffle², outputSize / unshuffle, outputSize / unshuffle]</c>.</param>
    public void Run(ReadOnlySpan<float> source, in CornerBox box, Span<float> output)
    {
        _columns.Place((box.X1 * _input.SpatialScale) - 0.5f, box.Width * _input.SpatialScale, _width);
        _rows.Place((box.Y1 * _input.SpatialScale) - 0.5f, box.Height * _input.SpatialScale, _height);

        int plane = _width * _height;
        int size = _input.OutputSize;
        for (int channel = 0; channel < _input.Channels; channel++)
        {
            ReadOnlySpan<float> channelSource = source.Slice(channel * plane, plane);
            Span<float> channelOutput = output.Slice(channel * size * size, size * size);
            for (int row = 0; row < size; row++)
            {
                SumRows(channelSource, row);
                SumColumns(row, channelOutput);
            }
        }
    }

    /// <summary>The weighted sum of the source rows of one row of bins, over the columns that are needed.</summary>
    private void SumRows(ReadOnlySpan<float> source, int row)
    {
        int first = _columns.First;
        int count = _columns.Last - first + 1;
        Span<float> sum = _rowSum.AsSpan(first, count);
        int tap = row * _rows.TapCount;
        sum.Clear();
        for (int end = tap + _rows.TapCount; tap < end; tap++)
        {
            float weight = _rows.Weights[tap];

            // Also keeps an infinite source value that has no weight from becoming NaN.
            if (weight != 0f)
                TensorPrimitives.MultiplyAdd(source.Slice((_rows.Indices[tap] * _width) + first, count), weight, sum, sum);
        }
    }

    /// <summary>The weighted sums along the row, stored where the unshuffle puts them.</summary>
    private void SumColumns(int row, Span<float> output)
    {
        ReadOnlySpan<float> sum = _rowSum;
        ReadOnlySpan<int> indices = _columns.Indices;
        ReadOnlySpan<float> weights = _columns.Weights;
        int taps = _columns.TapCount;
        int unshuffle = _input.Unshuffle;
        int size = _input.UnshuffledSize;
        int plane = size * size;
        int rowStart = ((row % unshuffle) * unshuffle * plane) + (row / unshuffle * size);
        int tap = 0;
        for (int column = 0; column < size; column++)
        {
            for (int offset = 0; offset < unshuffle; offset++)
            {
                float value = 0f;
                for (int end = tap + taps; tap < end; tap++)
                    value += weights[tap] * sum[indices[tap]];
                output[rowStart + (offset * plane) + column] = value;
            }
        }
    }
}
