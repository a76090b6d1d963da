using System.Buffers.Binary;
using System.IO.Compression;
using Google.Protobuf;
using YMaskNet.Client.Masks;
using YMaskNet.Imaging;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Masks;

public class MaskDecoderTests
{
    [Fact]
    public void Decode_Polygon_FillsByTheEvenOddRule()
    {
        // A 4 x 4 square from (1, 1) with a 2 x 1 hole at (2, 2), and a second part at (6, 0).
        Mask mask = new()
        {
            Area = 15,
            Polygon = new PolygonMask
            {
                Rings =
                {
                    NewRing((1, 1), (5, 1), (5, 5), (1, 5)),
                    NewRing((2, 2), (2, 3), (4, 3), (4, 2)),
                    NewRing((6, 0), (7, 0), (7, 1), (6, 1)),
                },
            },
        };

        MaskBitmap bitmap = MaskDecoder.Decode(mask, 8, 6)!;

        Assert.Equal(15, bitmap.Area);
        Assert.Equal(
            """
            ......#.
            .####...
            .#..#...
            .####...
            .####...
            ........
            """,
            RunLengthMaskTests.Draw(bitmap, 8, 6));
    }

    [Fact]
    public void Decode_SlantedPolygon_TakesPixelsWhoseCentreIsInside()
    {
        Mask mask = new() { Area = 6, Polygon = new PolygonMask { Rings = { NewRing((0, 0), (4, 0), (0, 4)) } } };

        MaskBitmap bitmap = MaskDecoder.Decode(mask, 4, 4)!;

        // Centres on the slanted edge x + y = 4 belong to the pixel on its right, and so do not count.
        Assert.Equal(
            """
            ###.
            ##..
            #...
            ....
            """,
            RunLengthMaskTests.Draw(bitmap, 4, 4));
    }

    [Theory]
    [InlineData(float.NaN, 1)]
    [InlineData(-1, 1)]
    [InlineData(1, 9)]
    public void Decode_PolygonCornerOutsideTheImage_Throws(float x, float y)
    {
        Mask mask = new() { Area = 1, Polygon = new PolygonMask { Rings = { NewRing((0, 0), (x, y), (2, 2)) } } };

        Assert.Throws<InvalidDataException>(() => MaskDecoder.Decode(mask, 8, 6));
    }

    [Fact]
    public void Decode_RunLengthsOfAnotherSize_Throws()
    {
        Mask mask = new() { Area = 6, CocoRle = new CocoRle { Height = 2, Width = 3, Counts = "06" } };

        Assert.Throws<InvalidDataException>(() => MaskDecoder.Decode(mask, 2, 3));
        Assert.Equal(6, MaskDecoder.Decode(mask, 3, 2)!.Area);
    }

    [Fact]
    public void Decode_Png_PlacesItsPixelsInTheImage()
    {
        // Ten columns, so that a row takes two bytes: 1010000001 and 0000000011.
        byte[] png = PngEncoder.EncodeGray1([0b1010_0000, 0b0100_0000, 0b0000_0000, 0b1100_0000], 10, 2);
        Mask mask = NewPngMask(png, 20, 30, 10, 2);

        MaskBitmap bitmap = MaskDecoder.Decode(mask, 40, 40)!;

        Assert.Equal(5, bitmap.Area);
        Assert.All([(20, 30), (22, 30), (29, 30), (28, 31), (29, 31)], pixel => Assert.True(bitmap.Contains(pixel.Item1, pixel.Item2)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Decode_PngOfAnyFilter_GivesTheSamePixels(byte filter)
    {
        byte[][] rows = [[0b1100_1010, 0b0110_0000], [0b0101_0111, 0b1010_0000], [0b1111_0000, 0b0010_0000]];
        Mask mask = NewPngMask(WritePng(rows, 12, filter), 0, 0, 12, 3);

        MaskBitmap bitmap = MaskDecoder.Decode(mask, 12, 3)!;

        Assert.Equal("##..#.#..##.\n.#.#.####.#.\n####......#.", RunLengthMaskTests.Draw(bitmap, 12, 3));
    }

    [Fact]
    public void Decode_DamagedPng_Throws()
    {
        byte[] png = PngEncoder.EncodeGray1([0xff, 0xff], 8, 2);
        byte[] notBilevel = PngEncoder.EncodeGray8(new byte[16], 8, 2);

        Assert.Throws<InvalidDataException>(() => MaskDecoder.Decode(NewPngMask([], 0, 0, 8, 2), 8, 8));
        Assert.Throws<InvalidDataException>(() => MaskDecoder.Decode(NewPngMask(png[..40], 0, 0, 8, 2), 8, 8));
        Assert.Throws<InvalidDataException>(() => MaskDecoder.Decode(NewPngMask(png, 0, 0, 8, 3), 8, 8));
        Assert.Throws<InvalidDataException>(() => MaskDecoder.Decode(NewPngMask(notBilevel, 0, 0, 8, 2), 8, 8));
        Assert.Throws<InvalidDataException>(() => MaskDecoder.Decode(NewPngMask(png, 1, 0, 8, 2), 8, 8));
    }

    [Fact]
    public void Decode_WithoutEncoding_IsEmptyOrUnknownByItsArea()
    {
        Assert.Equal(0, MaskDecoder.Decode(new Mask { Area = 0 }, 8, 8)!.Area);
        Assert.Null(MaskDecoder.Decode(new Mask { Area = 5 }, 8, 8));
        Assert.Null(MaskDecoder.Decode(null, 8, 8));
    }

    private static Ring NewRing(params (float X, float Y)[] corners) =>
        new() { Points = { corners.Select(corner => new Point { X = corner.X, Y = corner.Y }) } };

    private static Mask NewPngMask(byte[] png, uint x, uint y, uint width, uint height) => new()
    {
        Area = 1,
        Png = new PngMask { Data = UnsafeByteOperations.UnsafeWrap(png), X = x, Y = y, Width = width, Height = height },
    };

    /// <summary>A PNG writer of the tests' own, since an encoder chooses its filters itself.</summary>
    private static byte[] WritePng(byte[][] rows, int width, byte filter)
    {
        using MemoryStream compressed = new();
        using (ZLibStream deflated = new(compressed, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] above = new byte[rows[0].Length];
            foreach (byte[] row in rows)
            {
                deflated.WriteByte(filter);
                for (int i = 0; i < row.Length; i++)
                {
                    int left = i > 0 ? row[i - 1] : 0;
                    int aboveLeft = i > 0 ? above[i - 1] : 0;
                    int estimate = left + above[i] - aboveLeft;
                    int paeth = new[] { left, above[i], aboveLeft }.MinBy(neighbour => Math.Abs(estimate - neighbour));
                    int[] predictions = [0, left, above[i], (left + above[i]) / 2, paeth];
                    deflated.WriteByte((byte)(row[i] - predictions[filter]));
                }

                above = row;
            }
        }

        byte[] header = new byte[13];
        BinaryPrimitives.WriteUInt32BigEndian(header, (uint)width);
        BinaryPrimitives.WriteUInt32BigEndian(header.AsSpan(4), (uint)rows.Length);
        header[8] = 1;
        return
        [
            0x89, .. "PNG\r\n"u8, 0x1a, 0x0a,
            .. Chunk("IHDR"u8, header), .. Chunk("IDAT"u8, compressed.ToArray()), .. Chunk("IEND"u8, []),
        ];
    }

    private static byte[] Chunk(ReadOnlySpan<byte> type, byte[] data)
    {
        byte[] length = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(length, (uint)data.Length);
        // The reader does not look at the checksum: the pixels have one of their own inside the compressed stream.
        return [.. length, .. type, .. data, 0, 0, 0, 0];
    }
}
