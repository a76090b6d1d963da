using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Inference.Results;

namespace YMaskNet.Inference.Tests.Results;

/// <summary>Masks, made of pictures or at random.</summary>
internal static class TestMasks
{
    /// <summary>A mask of a picture whose rows are parted by line breaks: '#' is inside.</summary>
    public static BinaryMask Draw(string picture, int x = 0, int y = 0)
    {
        string[] rows = picture.ReplaceLineEndings("\n").Split('\n');
        var mask = new BinaryMask(x, y, rows[0].Length, rows.Length);
        for (int row = 0; row < rows.Length; row++)
            mask.SetRow(row, [.. rows[row].Select(character => character == '#' ? (byte)1 : (byte)0)]);
        return mask;
    }

    /// <summary>Masks of any density and place, with the size of an image that they lie in.</summary>
    public static Arbitrary<PlacedMask> Any()
    {
        Gen<PlacedMask> masks =
            from x in Gen.Choose(0, 20)
            from y in Gen.Choose(0, 20)
            from width in Gen.Choose(0, 50)
            from height in Gen.Choose(0, 30)
            from right in Gen.Choose(0, 5)
            from below in Gen.Choose(0, 5)
            from percent in Gen.Choose(0, 100)
            from seed in Gen.Choose(0, int.MaxValue)
            select new PlacedMask(
                Noise(x, y, width, height, percent, seed), Math.Max(1, x + width + right), Math.Max(1, y + height + below));
        return masks.ToArbitrary();
    }

    public static BinaryMask Noise(int x, int y, int width, int height, int percent, int seed)
    {
        var random = new Random(seed);
        var mask = new BinaryMask(x, y, width, height);
        byte[] inside = new byte[width];
        for (int row = 0; row < height; row++)
        {
            for (int column = 0; column < width; column++)
                inside[column] = random.Next(100) < percent ? (byte)random.Next(1, 256) : (byte)0;
            mask.SetRow(row, inside);
        }

        return mask;
    }

    /// <summary>The whole image, [height][width].</summary>
    public static bool[,] ToImage(BinaryMask mask, int imageWidth, int imageHeight)
    {
        bool[,] image = new bool[imageHeight, imageWidth];
        for (int row = 0; row < mask.Height; row++)
        {
            for (int column = 0; column < mask.Width; column++)
                image[mask.Y + row, mask.X + column] = mask[column, row];
        }

        return image;
    }
}

/// <summary>A mask and the size of its image.</summary>
internal sealed record PlacedMask(BinaryMask Mask, int ImageWidth, int ImageHeight)
{
    public bool[,] ToImage() => TestMasks.ToImage(Mask, ImageWidth, ImageHeight);
}
