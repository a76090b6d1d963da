namespace YMaskNet.Server.Tests.Inspection;

public sealed class UnaryCallTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    [Fact]
    public async Task Detect_BoardOfTwoBlobs_FindsBothWithoutMasks()
    {
        Wire.DetectResponse response = await _server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png });

        FoundBlobs.Check(response.Defects);
        Assert.All(response.Defects, defect => Assert.Null(defect.Mask));
        Assert.Equal(new Wire.ImageSize { Width = 64, Height = 64 }, response.ImageSize);
        await CheckOriginAsync(response.Model, response.Execution, TestModels.TinyYMaskNet, "2");
    }

    [Fact]
    public async Task DetectAndSegment_BoardOfTwoBlobs_OutlinesBoth()
    {
        Wire.DetectAndSegmentResponse response = await _server.Inspection.DetectAndSegmentAsync(
            new Wire.DetectAndSegmentRequest { Image = Boards.Png });

        FoundBlobs.Check(response.Defects);
        Assert.All(response.Defects, defect => Assert.InRange(defect.Mask.Area, 30ul, 120ul));
        Assert.Equal(new Wire.ImageSize { Width = 64, Height = 64 }, response.ImageSize);
        await CheckOriginAsync(response.Model, response.Execution, TestModels.TinyYMaskNet, "2");
        Assert.True(response.Execution.Times.Stage2Ms > 0);
    }

    [Fact]
    public async Task Segment_CallersBoxes_OneInstanceForEachInOrder()
    {
        Wire.SegmentResponse response = await _server.Inspection.SegmentAsync(new Wire.SegmentRequest
        {
            Image = Boards.Png,
            Model = "tiny-ymasknet/1",
            Rois =
            {
                new Wire.RegionOfInterest { Box = new Wire.Box { X = 38, Y = 30, Width = 12, Height = 12 } },
                new Wire.RegionOfInterest { Box = new Wire.Box { X = 6, Y = 14, Width = 12, Height = 12 }, ClassName = "bright" },
            },
        });

        Assert.Equal(2, response.Instances.Count);
        Assert.Equal("bright", response.Instances[0].ClassName);
        Assert.True(response.Instances[0].Box.X > 30);
        Assert.InRange(response.Instances[0].Mask.Area, 30ul, 144ul);

        // The caller's class stands, whatever the mask head would have said.
        Assert.Equal("bright", response.Instances[1].ClassName);
        Assert.True(response.Instances[1].Box.X < 20);
        Assert.Empty(response.Regions);
        Assert.Empty(response.ClassMapPng);
        await CheckOriginAsync(response.Model, response.Execution, TestModels.TinyYMaskNet, "1");
    }

    [Fact]
    public async Task Segment_SemanticModel_ExactRegionsAndClassMap()
    {
        Wire.SegmentResponse response = await _server.Inspection.SegmentAsync(new Wire.SegmentRequest
        {
            Image = Boards.Png,
            Model = TestModels.TinySemantic,
            IncludeClassMap = true,
        });

        Assert.Empty(response.Instances);
        Assert.Equal(["dull", "bright"], response.Regions.Select(region => region.ClassName));
        Assert.Equal([1u, 2u], response.Regions.Select(region => region.ClassId));
        Assert.All(response.Regions, region => Assert.Equal(64ul, region.Area));
        Assert.All(response.Regions, region => Assert.Equal(64ul, region.Mask.Area));
        Assert.Equal(new Wire.Box { X = 8, Y = 16, Width = 8, Height = 8 }, response.Regions[0].Box);
        Assert.Equal(new Wire.Point { X = 12, Y = 20 }, response.Regions[0].Centroid);
        Assert.Equal(new Wire.Box { X = 40, Y = 32, Width = 8, Height = 8 }, response.Regions[1].Box);

        byte[] classMap = Pictures.Grey(response.ClassMapPng);
        Assert.Equal(64 * 64, classMap.Length);
        Assert.Equal(1, classMap[(16 * 64) + 8]);
        Assert.Equal(2, classMap[(39 * 64) + 47]);
        Assert.Equal(64, classMap.Count(id => id == 1));
        Assert.Equal(64, classMap.Count(id => id == 2));
        await CheckOriginAsync(response.Model, response.Execution, TestModels.TinySemantic, "1");
    }

    [Theory]
    [InlineData(64, 2)]
    [InlineData(65, 0)]
    public async Task Segment_MinRegionArea_SmallerRegionsAreBackgroundInTheClassMapToo(uint area, int regions)
    {
        Wire.SegmentResponse response = await _server.Inspection.SegmentAsync(new Wire.SegmentRequest
        {
            Image = Boards.Png,
            Model = TestModels.TinySemantic,
            IncludeClassMap = true,
            MinRegionArea = area,
        });

        Assert.Equal(regions, response.Regions.Count);
        Assert.Equal(64 * regions, Pictures.Grey(response.ClassMapPng).Count(id => id != 0));
    }

    [Fact]
    public async Task Segment_SemanticModelWithoutAsking_NoClassMap()
    {
        Wire.SegmentResponse response = await _server.Inspection.SegmentAsync(
            new Wire.SegmentRequest { Image = Boards.Png, Model = TestModels.TinySemantic });

        Assert.Empty(response.ClassMapPng);
    }

    [Fact]
    public async Task DetectAndSegment_MinScoreOfOne_FindsNothing()
    {
        Wire.DetectAndSegmentResponse response = await _server.Inspection.DetectAndSegmentAsync(
            new Wire.DetectAndSegmentRequest { Image = Boards.Png, Options = new Wire.DetectionOptions { MinScore = 1 } });

        Assert.Empty(response.Defects);
    }

    [Fact]
    public async Task Detect_FaintBlob_FoundOnlyByALowMinScore()
    {
        Wire.Image faint = Boards.Raw(Wire.PixelFormat.Mono8, new BlobBoard(64, 64).Fill(8, 16, 8, 8, 128).Pixels);

        Wire.DetectResponse byDefault = await _server.Inspection.DetectAsync(new Wire.DetectRequest { Image = faint });
        Wire.DetectResponse low = await _server.Inspection.DetectAsync(
            new Wire.DetectRequest { Image = faint, Options = new Wire.DetectionOptions { MinScore = 0.001f } });

        Assert.Empty(byDefault.Defects);
        Assert.NotEmpty(low.Defects);
        Assert.All(low.Defects, defect => Assert.InRange(defect.Score, 0.001f, 0.35f));
        Assert.Equal(low.Defects.OrderByDescending(defect => defect.Score), low.Defects);
    }

    [Fact]
    public async Task Detect_NmsIouThresholdOfZero_OneDefectForEachBlob()
    {
        Wire.DetectResponse response = await _server.Inspection.DetectAsync(
            new Wire.DetectRequest { Image = Boards.Png, Options = new Wire.DetectionOptions { NmsIouThreshold = 0 } });

        Assert.Equal(2, response.Defects.Count);
        FoundBlobs.Check(response.Defects);
    }

    [Fact]
    public async Task Detect_MaxDefectsOfOne_KeepsTheHighestScoring()
    {
        Wire.DetectResponse all = await _server.Inspection.DetectAsync(new Wire.DetectRequest { Image = Boards.Png });
        Wire.DetectResponse one = await _server.Inspection.DetectAsync(
            new Wire.DetectRequest { Image = Boards.Png, Options = new Wire.DetectionOptions { MaxDefects = 1 } });

        Assert.Equal(all.Defects[0], Assert.Single(one.Defects));
    }

    [Fact]
    public async Task Detect_ColourModel_FindsTheSame()
    {
        Wire.DetectResponse response = await _server.Inspection.DetectAsync(
            new Wire.DetectRequest { Image = Boards.Png, Model = "tiny-yolov5/1" });

        FoundBlobs.Check(response.Defects);
        await CheckOriginAsync(response.Model, response.Execution, TestModels.TinyYoloV5, "1");
    }

    private async Task CheckOriginAsync(Wire.ModelReference model, Wire.Execution execution, string name, string version)
    {
        Wire.GetModelResponse described = await _server.Models.GetModelAsync(new Wire.GetModelRequest { Model = $"{name}/{version}" });
        Assert.Equal(described.Model.Reference, model);
        Assert.Equal(name, model.Name);
        Assert.Equal(version, model.Version);
        Assert.Matches("^[0-9a-f]{64}$", model.Sha256);
        Assert.Equal("CPUExecutionProvider", execution.ExecutionProvider);
        Assert.Equal("cpu", execution.Device);
        Assert.Equal("fp32", execution.Precision);
        Assert.True(execution.Times.TotalMs > 0);
        Assert.True(execution.Times.Stage1Ms > 0);
        Assert.True(execution.Times.Stage1Ms <= execution.Times.TotalMs);
    }
}
