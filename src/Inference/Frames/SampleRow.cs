using System.Numerics;

namespace YMaskNet.Inference.Frames;

/// <summary>Rows of samples as float32, in the frame's own range (0 to <see cref="Frame.MaxSample"/>).</summary>
internal static class SampleRow
{
    // ITU-R BT.601 in 1/65536; they add up to 65536, so that equal red, green and blue stay what they are.
    private const uint RedWeight = 19595;
    private const uint GreenWeight = 38470;
    private const uint BlueWeight = 7471;
    private const uint Half = 32768;

    /// <summary>Reads a grey row as it is, or the brightness of a colour row.</summary>
    public static void ReadGrey(Frame frame, int y, Span<float> samples)
    {
        if (frame.BitsPerSample == 8)
        {
            if (frame.Channels == 1)
                Widen(frame.Row8(y), samples);
            else
                Brightness(frame.Row8(y), samples);
        }
        else
        {
            if (frame.Channels == 1)
                Widen(frame.Row16(y), samples);
            else
                Brightness(frame.Row16(y), samples);
        }
    }

    /// <summary>Reads one channel of a colour row.</summary>
    public static void ReadChannel(Frame frame, int y, int channel, Span<float> samples)
    {
        if (frame.BitsPerSample == 8)
            Pick(frame.Row8(y), channel, samples);
        else
            Pick(frame.Row16(y), channel, samples);
    }

    private static void Widen(ReadOnlySpan<byte> row, Span<float> samples)
    {
        int x = 0;
        if (Vector.IsHardwareAccelerated)
        {
            int lanes = Vector<float>.Count;
            for (; x <= row.Length - Vector<byte>.Count; x += Vector<byte>.Count)
            {
                Vector.Widen(new Vector<byte>(row[x..]), out Vector<ushort> low, out Vector<ushort> high);
                Store(low, samples[x..]);
                Store(high, samples[(x + (2 * lanes))..]);
            }
        }

        for (; x < row.Length; x++)
            samples[x] = row[x];
    }

    private static void Widen(ReadOnlySpan<ushort> row, Span<float> samples)
    {
        int x = 0;
        if (Vector.IsHardwareAccelerated)
        {
            for (; x <= row.Length - Vector<ushort>.Count; x += Vector<ushort>.Count)
                Store(new Vector<ushort>(row[x..]), samples[x..]);
        }

        for (; x < row.Length; x++)
            samples[x] = row[x];
    }

    private static void Store(Vector<ushort> values, Span<float> samples)
    {
        Vector.Widen(values, out Vector<uint> low, out Vector<uint> high);
        Vector.ConvertToSingle(Vector.AsVectorInt32(low)).CopyTo(samples);
        Vector.ConvertToSingle(Vector.AsVectorInt32(high)).CopyTo(samples[Vector<float>.Count..]);
    }

    private static void Brightness(ReadOnlySpan<byte> row, Span<float> samples)
    {
        for (int x = 0, i = 0; x < samples.Length; x++, i += 3)
            samples[x] = Brightness(row[i], row[i + 1], row[i + 2]);
    }

    private static void Brightness(ReadOnlySpan<ushort> row, Span<float> samples)
    {
        for (int x = 0, i = 0; x < samples.Length; x++, i += 3)
            samples[x] = Brightness(row[i], row[i + 1], row[i + 2]);
    }

    // White of 16 bits makes 65535 * 65536 + 32768, which is just below 2^32.
    private static uint Brightness(uint red, uint green, uint blue) =>
        ((red * RedWeight) + (green * GreenWeight) + (blue * BlueWeight) + Half) >> 16;

    private static void Pick(ReadOnlySpan<byte> row, int channel, Span<float> samples)
    {
        for (int x = 0, i = channel; x < samples.Length; x++, i += 3)
            samples[x] = row[i];
    }

    private static void Pick(ReadOnlySpan<ushort> row, int channel, Span<float> samples)
    {
        for (int x = 0, i = channel; x < samples.Length; x++, i += 3)
            samples[x] = row[i];
    }
}
