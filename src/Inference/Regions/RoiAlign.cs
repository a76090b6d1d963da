using System.Numerics;
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
    private readonly ColumnGroups _groups;
    private readonly float[] _rowSum;
    private readonly float[] _binSum;

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
        _groups = new ColumnGroups(input.OutputSize, _columns.TapCount);

        // Sums of rows, and of columns, come in whole vectors.
        _rowSum = new float[width + Math.Max(Vector<float>.Count, ColumnGroups.Padding)];
        _binSum = new float[Math.Max(input.OutputSize, _groups.PaddedBinCount)];
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

        bool isVectorised = _groups.TryPlace(_columns);

        int plane = _width * _height;
        int size = _input.OutputSize;
        for (int channel = 0; channel < _input.Channels; channel++)
        {
            ReadOnlySpan<float> channelSource = source.Slice(channel * plane, plane);
            Span<float> channelOutput = output.Slice(channel * size * size, size * size);
            for (int row = 0; row < size; row++)
            {
                SumRows(channelSource, row);
                if (isVectorised)
                    _groups.Sum(_rowSum, _binSum);
                else
                    SumColumns();
                Store(row, channelOutput);
            }
        }
    }

    /// <summary>The weighted sum of the source rows of one row of bins, over the columns that are needed.</summary>
    private void SumRows(ReadOnlySpan<float> source, int row)
    {
        int first = _columns.First;
        int count = _columns.Last - first + 1;
        int padded = (count + Vector<float>.Count - 1) / Vector<float>.Count * Vector<float>.Count;
        ReadOnlySpan<int> indices = _rows.Indices.Slice(row * _rows.TapCount, _rows.TapCount);
        ReadOnlySpan<float> weights = _rows.Weights.Slice(row * _rows.TapCount, _rows.TapCount);

        // Whole vectors may reach over the columns that are needed, but not over the source.
        if ((_rows.Last * _width) + first + padded <= source.Length)
            SumVectors(source[first..], indices, weights, _rowSum.AsSpan(first, padded));
        else
            SumSpans(source[first..], indices, weights, _rowSum.AsSpan(first, count));
    }

    private void SumVectors(ReadOnlySpan<float> source, ReadOnlySpan<int> indices, ReadOnlySpan<float> weights, Span<float> sums)
    {
        for (int column = 0; column < sums.Length; column += Vector<float>.Count)
        {
            Vector<float> sum = Vector<float>.Zero;
            for (int tap = 0; tap < indices.Length; tap++)
            {
                // Also keeps an infinite source value that has no weight from becoming NaN.
                if (weights[tap] != 0f)
                    sum += new Vector<float>(source[((indices[tap] * _width) + column)..]) * new Vector<float>(weights[tap]);
            }

            sum.CopyTo(sums[column..]);
        }
    }

    private void SumSpans(ReadOnlySpan<float> source, ReadOnlySpan<int> indices, ReadOnlySpan<float> weights, Span<float> sums)
    {
        sums.Clear();
        for (int tap = 0; tap < indices.Length; tap++)
        {
            if (weights[tap] != 0f)
                TensorPrimitives.MultiplyAdd(source.Slice(indices[tap] * _width, sums.Length), weights[tap], sums, sums);
        }
    }

    /// <summary>The weighted sums along the row, bin by bin.</summary>
    private void SumColumns()
    {
        ReadOnlySpan<float> sum = _rowSum;
        ReadOnlySpan<int> indices = _columns.Indices;
        ReadOnlySpan<float> weights = _columns.Weights;
        int taps = _columns.TapCount;
        int tap = 0;
        for (int bin = 0; bin < _input.OutputSize; bin++)
        {
            float value = 0f;
            for (int end = tap + taps; tap < end; tap++)
                value += weights[tap] * sum[indices[tap]];
            _binSum[bin] = value;
        }
    }

    /// <summary>Stores a row of bins where the unshuffle puts them.</summary>
    private void Store(int row, Span<float> output)
    {
        int unshuffle = _input.Unshuffle;
        int size = _input.UnshuffledSize;
        if (unshuffle == 1)
        {
            _binSum.AsSpan(0, size).CopyTo(output.Slice(row * size, size));
            return;
        }

        int plane = size * size;
        int rowStart = ((row % unshuffle) * unshuffle * plane) + (row / unshuffle * size);
        for (int offset = 0; offset < unshuffle; offset++)
        {
            Span<float> target = output.Slice(rowStart + (offset * plane), size);
            for (int column = 0; column < size; column++)
                target[column] = _binSum[(column * unshuffle) + offset];
        }
    }
}
