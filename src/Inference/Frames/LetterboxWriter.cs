using System.Numerics;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Frames;

/// <summary>
/// Writes frames into a network's input, <c>[C, height, width] float32</c>: in the model's channels, letterboxed and
/// normalised. One thread owns an instance; it allocates only when an image is wider than all before.
/// </summary>
internal sealed class LetterboxWriter
{
    private readonly InputDescription _input;
    private readonly Normalisation[] _channels;
    private readonly BilinearAxis _columns = new();
    private readonly BilinearAxis _rows = new();

    // The two source rows around a target row, resampled along x. Neighbouring rows differ in their lowest bit, which
    // chooses the slot.
    private readonly float[][] _resampled;
    private readonly int[] _resampledRow = new int[2];
    private readonly float[] _mixed;
    private float[] _source = [];

    /// <param name="input">The network's input, as the manifest has it.</param>
    public LetterboxWriter(InputDescription input)
    {
        _input = input;
        _channels = [.. Enumerable.Range(0, input.ChannelCount).Select(c => new Normalisation(input.Mean[c], input.Std[c]))];
        _resampled = [new float[input.Width], new float[input.Width]];
        _mixed = new float[input.Width];
    }

    /// <summary>Writes a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="slot"><c>[C, height, width]</c>; every value is written.</param>
    /// <returns>Where the image lies in the input.</returns>
    public Letterbox Write(Frame frame, Span<float> slot)
    {
        int plane = _input.Width * _input.Height;
        ArgumentOutOfRangeException.ThrowIfNotEqual(slot.Length, plane * _channels.Length, nameof(slot));
        Letterbox letterbox = Letterbox.Fit(frame.Width, frame.Height, _input.Width, _input.Height);
        if (_source.Length < frame.Width)
            _source = new float[frame.Width];
        _columns.Place(frame.Width, letterbox.ContentWidth);
        _rows.Place(frame.Height, letterbox.ContentHeight);

        for (int channel = 0; channel < _channels.Length; channel++)
        {
            Span<float> target = slot.Slice(channel * plane, plane);
            WriteSurround(letterbox, _channels[channel], target);
            if (letterbox.IsUnscaled)
                WriteUnscaled(frame, channel, letterbox, target);
            else
                WriteScaled(frame, channel, letterbox, target);
        }

        return letterbox;
    }

    private void WriteSurround(in Letterbox letterbox, in Normalisation normalisation, Span<float> target)
    {
        float value = normalisation.Apply(_input.LetterboxValue, byte.MaxValue);
        int width = _input.Width;
        int right = letterbox.Left + letterbox.ContentWidth;
        int bottom = letterbox.Top + letterbox.ContentHeight;
        target[..(letterbox.Top * width)].Fill(value);
        target[(bottom * width)..].Fill(value);
        if (letterbox.ContentWidth == width)
            return;
        for (int y = letterbox.Top; y < bottom; y++)
        {
            Span<float> row = target.Slice(y * width, width);
            row[..letterbox.Left].Fill(value);
            row[right..].Fill(value);
        }
    }

    private void WriteUnscaled(Frame frame, int channel, in Letterbox letterbox, Span<float> target)
    {
        Span<float> samples = _source.AsSpan(0, frame.Width);
        for (int y = 0; y < frame.Height; y++)
        {
            ReadSamples(frame, y, channel, samples);
            _channels[channel].Apply(samples, frame.MaxSample, ContentRow(letterbox, y, target));
        }
    }

    private void WriteScaled(Frame frame, int channel, in Letterbox letterbox, Span<float> target)
    {
        _resampledRow.AsSpan().Fill(-1);
        Span<float> mixed = _mixed.AsSpan(0, letterbox.ContentWidth);
        for (int y = 0; y < letterbox.ContentHeight; y++)
        {
            ReadOnlySpan<float> first = Resampled(frame, _rows.First[y], channel);
            ReadOnlySpan<float> second = Resampled(frame, _rows.Second[y], channel);
            Mix(first, second, _rows.Weight[y], mixed);
            _channels[channel].Apply(mixed, frame.MaxSample, ContentRow(letterbox, y, target));
        }
    }

    private Span<float> ContentRow(in Letterbox letterbox, int y, Span<float> target) =>
        target.Slice(((letterbox.Top + y) * _input.Width) + letterbox.Left, letterbox.ContentWidth);

    private ReadOnlySpan<float> Resampled(Frame frame, int y, int channel)
    {
        int slot = y & 1;
        Span<float> row = _resampled[slot].AsSpan(0, _columns.First.Length);
        if (_resampledRow[slot] == y)
            return row;

        ReadOnlySpan<float> source = _source.AsSpan(0, frame.Width);
        ReadSamples(frame, y, channel, _source.AsSpan(0, frame.Width));
        ReadOnlySpan<int> first = _columns.First;
        ReadOnlySpan<int> second = _columns.Second;
        ReadOnlySpan<float> weight = _columns.Weight;
        for (int x = 0; x < row.Length; x++)
        {
            float sample = source[first[x]];
            row[x] = sample + ((source[second[x]] - sample) * weight[x]);
        }

        _resampledRow[slot] = y;
        return row;
    }

    private void ReadSamples(Frame frame, int y, int channel, Span<float> samples)
    {
        if (frame.Channels == 3 && _channels.Length == 3)
            SampleRow.ReadChannel(frame, y, channel, samples);
        else
            SampleRow.ReadGrey(frame, y, samples);
    }

    private static void Mix(ReadOnlySpan<float> first, ReadOnlySpan<float> second, float weight, Span<float> mixed)
    {
        int x = 0;
        if (Vector.IsHardwareAccelerated)
        {
            var weights = new Vector<float>(weight);
            for (; x <= mixed.Length - Vector<float>.Count; x += Vector<float>.Count)
            {
                var sample = new Vector<float>(first[x..]);
                (sample + ((new Vector<float>(second[x..]) - sample) * weights)).CopyTo(mixed[x..]);
            }
        }

        for (; x < mixed.Length; x++)
            mixed[x] = first[x] + ((second[x] - first[x]) * weight);
    }
}
