namespace YMaskNet.Server.Tests.Inspection;

public sealed class MaskFormatTests(SharedServer shared)
{
    private const ulong BlobArea = 64;

    private readonly TestServer _server = shared.Server;

    [Theory]
    [InlineData(Wire.MaskFormat.Unspecified)]
    [InlineData(Wire.MaskFormat.CocoRle)]
    public async Task Segment_CocoRle_RunsOfTheWholeImage(Wire.MaskFormat format)
    {
        Wire.Mask mask = await MaskOfDullBlobAsync(format);

        Assert.Equal(Wire.Mask.EncodingOneofCase.CocoRle, mask.EncodingCase);
        Assert.Equal(64u, mask.CocoRle.Height);
        Assert.Equal(64u, mask.CocoRle.Width);

        // Columns 8 to 15, rows 16 to 23: 8 x 64 + 16 zeros, then eight times 8 ones and 56 zeros, the last ones to the end.
        long[] expected = [528, 8, 56, 8, 56, 8, 56, 8, 56, 8, 56, 8, 56, 8, 56, 8, (64 * 64) - 528 - (8 * 8) - (7 * 56)];
        Assert.Equal(expected, CocoCounts(mask.CocoRle.Counts));
    }

    [Fact]
    public async Task Segment_Polygon_CornersOfTheBlob()
    {
        Wire.Mask mask = await MaskOfDullBlobAsync(Wire.MaskFormat.Polygon);

        Assert.Equal(Wire.Mask.EncodingOneofCase.Polygon, mask.EncodingCase);
        Wire.Ring ring = Assert.Single(mask.Polygon.Rings);
        Assert.Equal(
            [(8f, 16f), (8f, 24f), (16f, 16f), (16f, 24f)],
            ring.Points.Select(point => (point.X, point.Y)).Order());
    }

    [Fact]
    public async Task Segment_Png_PictureOfTheBoundingRectangle()
    {
        Wire.Mask mask = await MaskOfDullBlobAsync(Wire.MaskFormat.Png);

        Assert.Equal(Wire.Mask.EncodingOneofCase.Png, mask.EncodingCase);
        Assert.Equal((8u, 16u, 8u, 8u), (mask.Png.X, mask.Png.Y, mask.Png.Width, mask.Png.Height));
        Assert.Equal(Enumerable.Repeat((byte)255, 64), Pictures.Grey(mask.Png.Data));
    }

    [Fact]
    public async Task Segment_None_AreaAlone()
    {
        Wire.Mask mask = await MaskOfDullBlobAsync(Wire.MaskFormat.None);

        Assert.Equal(Wire.Mask.EncodingOneofCase.None, mask.EncodingCase);
    }

    [Theory]
    [InlineData(Wire.MaskFormat.CocoRle, Wire.Mask.EncodingOneofCase.CocoRle)]
    [InlineData(Wire.MaskFormat.Polygon, Wire.Mask.EncodingOneofCase.Polygon)]
    [InlineData(Wire.MaskFormat.Png, Wire.Mask.EncodingOneofCase.Png)]
    [InlineData(Wire.MaskFormat.None, Wire.Mask.EncodingOneofCase.None)]
    public async Task DetectAndSegment_EachFormat_TheSamePixels(Wire.MaskFormat format, Wire.Mask.EncodingOneofCase encoding)
    {
        Wire.DetectAndSegmentRequest request = new() { Image = Boards.Png, MaskFormat = format };

        Wire.DetectAndSegmentResponse response = await _server.Inspection.DetectAndSegmentAsync(request);

        FoundBlobs.Check(response.Defects);
        Assert.All(response.Defects, defect => Assert.Equal(encoding, defect.Mask.EncodingCase));
        request.MaskFormat = Wire.MaskFormat.None;
        Wire.DetectAndSegmentResponse areas = await _server.Inspection.DetectAndSegmentAsync(request);
        Assert.Equal(areas.Defects.Select(defect => defect.Mask.Area), response.Defects.Select(defect => defect.Mask.Area));
    }

    private async Task<Wire.Mask> MaskOfDullBlobAsync(Wire.MaskFormat format)
    {
        Wire.SegmentResponse response = await _server.Inspection.SegmentAsync(
            new Wire.SegmentRequest { Image = Boards.Png, Model = TestModels.TinySemantic, MaskFormat = format });
        Wire.Region region = Assert.Single(response.Regions, candidate => candidate.ClassName == "dull");
        Assert.Equal(BlobArea, region.Mask.Area);
        return region.Mask;
    }

    // pycocotools' rleFrString: 5 bits a character, least significant first, sign in the last; from the fourth run on,
    // the difference to the run two before.
    private static List<long> CocoCounts(string counts)
    {
        List<long> runs = [];
        int position = 0;
        while (position < counts.Length)
        {
            long value = 0;
            int shift = 0;
            bool more = true;
            while (more)
            {
                long bits = counts[position++] - 48;
                value |= (bits & 0x1f) << shift;
                shift += 5;
                more = (bits & 0x20) != 0;
                if (!more && (bits & 0x10) != 0)
                    value |= -1L << shift;
            }

            runs.Add(runs.Count > 2 ? value + runs[^2] : value);
        }

        return runs;
    }
}
