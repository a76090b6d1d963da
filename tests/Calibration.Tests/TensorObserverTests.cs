namespace YMaskNet.Calibration.Tests;

/// <summary>What is gathered against the same taken from all values at once, in double.</summary>
public sealed class TensorObserverTests
{
    [Theory]
    [InlineData(1f)]
    [InlineData(1e-4f)]
    [InlineData(300f)]
    public void Add_SeveralTensorsThatGrow_SameAsAllAtOnce(float scale)
    {
        Random random = new(7);
        TensorObserver observer = new("t");
        List<float> all = [];
        double[] sums = new double[3];
        for (int tensor = 1; tensor <= 5; tensor++)
        {
            // [2, 3, 2, 5]: two images of three channels.
            float[] values = [.. Enumerable.Range(0, 60).Select(_ => (random.NextSingle() - 0.3f) * scale * tensor * tensor)];
            observer.Add(values, [2, 3, 2, 5]);
            all.AddRange(values);
            for (int index = 0; index < values.Length; index++)
                sums[index / 10 % 3] += values[index];
        }

        Assert.Equal((all.Min(), all.Max()), (observer.Min, observer.Max));
        Assert.All(sums.Zip(observer.ChannelMeans()), pair => Assert.Equal(pair.First / 100, pair.Second, 1e-9 + (1e-9 * scale)));
        Assert.Equal(all.Count, observer.Counts.ToArray().Sum());
        Assert.InRange(all.Max(Math.Abs), observer.Limit / 2, observer.Limit);

        double width = 2.0 * observer.Limit / TensorObserver.BinCount;
        long[] expected = new long[TensorObserver.BinCount];
        foreach (float value in all)
            expected[Math.Min((int)Math.Floor((value + (double)observer.Limit) / width), TensorObserver.BinCount - 1)]++;

        // A value within float32's rounding of an edge may fall into the bin beside it.
        Assert.InRange(expected.Zip(observer.Counts.ToArray(), (first, second) => Math.Abs(first - second)).Sum(), 0, 4);
    }

    [Fact]
    public void Add_Zeros_LieInTheFirstBinFromZeroOn()
    {
        TensorObserver observer = new("t");

        observer.Add(new float[6], [1, 2, 3]);
        observer.Add([1f, 0f, 0f, 0f, 0f, 0f], [1, 2, 3]);

        Assert.Equal(11, observer.Counts[TensorObserver.BinCount / 2]);
        Assert.Equal(1, observer.Counts[^1]);
        Assert.Equal(1f, observer.Limit);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Add_NotFinite_NamesTheTensor(float value)
    {
        InvalidDataException exception = Assert.Throws<InvalidDataException>(() => new TensorObserver("relu_3").Add([0f, value], [1, 2]));

        Assert.Contains("'relu_3'", exception.Message);
    }

    [Fact]
    public void Add_OtherChannels_IsRefused()
    {
        TensorObserver observer = new("t");
        observer.Add(new float[4], [1, 2, 2]);

        Assert.Throws<InvalidDataException>(() => observer.Add(new float[4], [1, 4]));
    }
}
