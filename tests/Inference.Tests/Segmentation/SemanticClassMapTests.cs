using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Tests.Segmentation;

public sealed class SemanticClassMapTests
{
    [Fact]
    public void ArgMax_RandomLogits_TakesTheLargestOfTheRectangle()
    {
        const int Classes = 4;
        const int Width = 13;
        const int Height = 9;
        Random random = new(1);

        // Few different values, so that there are ties.
        float[] logits = [.. Enumerable.Range(0, Classes * Width * Height).Select(_ => random.Next(4) - 2f)];
        byte[] classes = new byte[7 * 5];

        SemanticClassMap.ArgMax(logits, Classes, Width, left: 3, top: 2, columns: 7, rows: 5, backgroundClass: 0, backgroundOffset: 0f, classes);

        for (int row = 0; row < 5; row++)
        {
            for (int column = 0; column < 7; column++)
            {
                float[] values =
                    [.. Enumerable.Range(0, Classes).Select(classId => logits[(((classId * Height) + row + 2) * Width) + column + 3])];
                Assert.Equal(Array.IndexOf(values, values.Max()), classes[(row * 7) + column]);
            }
        }
    }

    [Fact]
    public void ArgMax_NaN_IsNeverTheLargest()
    {
        byte[] classes = new byte[3];

        SemanticClassMap.ArgMax(
            [float.NaN, 1f, float.NaN, -5f, float.NaN, float.NaN], 2, 3, left: 0, top: 0, columns: 3, rows: 1, backgroundClass: 1, backgroundOffset: 0f, classes);

        Assert.Equal([1, 0, 1], classes);
    }

    [Fact]
    public void ArgMax_BackgroundOffset_AClassMustBeAboveTheBackgroundByIt()
    {
        byte[] classes = new byte[3];

        SemanticClassMap.ArgMax(
            [0f, 0f, 0f, 1.9f, 2f, 2.1f], 2, 3, left: 0, top: 0, columns: 3, rows: 1, backgroundClass: 0, backgroundOffset: 2f, classes);

        Assert.Equal([0, 0, 1], classes);
    }

    [Theory]
    [InlineData(7, 5, 7, 5)]
    [InlineData(7, 5, 31, 11)]
    [InlineData(7, 5, 3, 2)]
    [InlineData(1, 1, 9, 4)]
    [InlineData(64, 32, 200, 100)]
    public void Resample_AnySize_TakesTheNetworkPixelThatHoldsTheCentre(int columns, int rows, int width, int height)
    {
        byte[] classes = [.. Enumerable.Range(0, columns * rows).Select(index => (byte)(index % 251))];
        byte[] image = new byte[width * height];

        SemanticClassMap.Resample(classes, columns, rows, image, width, height);

        for (int y = 0; y < height; y++)
        {
            for (int x = 0; x < width; x++)
            {
                int column = (int)Math.Floor((x + 0.5m) * columns / width);
                int row = (int)Math.Floor((y + 0.5m) * rows / height);
                Assert.Equal(classes[(row * columns) + column], image[(y * width) + x]);
            }
        }
    }
}
