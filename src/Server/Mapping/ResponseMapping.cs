using Google.Protobuf;
using Google.Protobuf.Collections;
using Google.Rpc;
using YMaskNet.Inference;
using YMaskNet.Inference.Boards;
using YMaskNet.Inference.Models;
using YMaskNet.Inference.Results;
using YMaskNet.Server.Errors;
using RichStatus = Google.Rpc.Status;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Mapping;

/// <summary>From the inference library to the wire.</summary>
internal static class ResponseMapping
{
    public static Wire.DetectResponse ToDetectResponse(InspectionResult result, InspectionModel model)
    {
        Wire.DetectResponse wire = new()
        {
            ImageSize = SizeOf(result),
            Model = ModelMapping.ToReference(model),
            Execution = ExecutionOf(result),
        };
        Add(result.Defects, wire.Defects);
        return wire;
    }

    public static Wire.SegmentResponse ToSegmentResponse(InspectionResult result, InspectionModel model)
    {
        Wire.SegmentResponse wire = new()
        {
            ClassMapPng = result.ClassMapPng is { } png ? UnsafeByteOperations.UnsafeWrap(png) : ByteString.Empty,
            ImageSize = SizeOf(result),
            Model = ModelMapping.ToReference(model),
            Execution = ExecutionOf(result),
        };
        Add(result.Defects, wire.Instances);
        Add(result.Regions, wire.Regions);
        return wire;
    }

    public static Wire.DetectAndSegmentResponse ToDetectAndSegmentResponse(InspectionResult result, InspectionModel model)
    {
        Wire.DetectAndSegmentResponse wire = new()
        {
            ImageSize = SizeOf(result),
            Model = ModelMapping.ToReference(model),
            Execution = ExecutionOf(result),
        };
        Add(result.Defects, wire.Defects);
        return wire;
    }

    public static Wire.InspectBoardResponse ToBoardResponse(BoardResult result, InspectionModel model) => new()
    {
        Defects = { result.Defects.Select(ToWire) },
        Regions = { result.Regions.Select(ToWire) },
        ImageSize = ToSize(result.Width, result.Height),
        Model = ModelMapping.ToReference(model),
        Execution = ToExecution(result.ExecutionProvider, result.Device, result.Precision, result.Times),
        Tiling = new Wire.BoardTiling
        {
            TileCount = (uint)result.Tiling.TileCount,
            TileSize = ToSize(result.Tiling.TileWidth, result.Tiling.TileHeight),
            Overlap = (uint)result.Tiling.Overlap,
        },
    };

    /// <summary>The verdict on a frame; what is the caller's own is still to be filled in.</summary>
    /// <param name="result">What was found.</param>
    /// <param name="rejecting">Which of it fails the frame.</param>
    public static Wire.FrameResult ToFrameResult(InspectionResult result, IReadOnlyList<int> rejecting)
    {
        Wire.FrameResult wire = new()
        {
            Verdict = rejecting.Count > 0 ? Wire.Verdict.Fail : Wire.Verdict.Pass,
            ImageSize = SizeOf(result),
            Execution = ExecutionOf(result),
        };
        wire.Rejecting.Capacity = rejecting.Count;
        for (int index = 0; index < rejecting.Count; index++)
            wire.Rejecting.Add((uint)rejecting[index]);
        Add(result.Defects, wire.Defects);
        Add(result.Regions, wire.Regions);
        return wire;
    }

    /// <summary>The error of a frame; what is the caller's own is still to be filled in.</summary>
    public static Wire.FrameResult ToFrameResult(RichStatus status)
    {
        Wire.FrameError error = new() { Code = status.Code, Message = status.Message };
        if (ErrorTable.InfoOf(status) is { } info)
        {
            error.Reason = info.Reason;
            error.Metadata.Add(info.Metadata);
        }

        return new Wire.FrameResult { Verdict = Wire.Verdict.Error, Error = error };
    }

    private static void Add(IReadOnlyList<Defect> defects, RepeatedField<Wire.Defect> wire)
    {
        wire.Capacity = defects.Count;
        for (int index = 0; index < defects.Count; index++)
            wire.Add(ToWire(defects[index]));
    }

    private static void Add(IReadOnlyList<Region> regions, RepeatedField<Wire.Region> wire)
    {
        wire.Capacity = regions.Count;
        for (int index = 0; index < regions.Count; index++)
            wire.Add(ToWire(regions[index]));
    }

    private static Wire.Defect ToWire(Defect defect) => new()
    {
        ClassName = defect.ClassName,
        ClassId = (uint)defect.ClassId,
        Score = defect.Score,
        Box = ToWire(defect.Box),
        Mask = defect.Mask is { } mask ? ToWire(mask) : null,
    };

    private static Wire.Region ToWire(Region region) => new()
    {
        ClassName = region.ClassName,
        ClassId = (uint)region.ClassId,
        Area = (ulong)region.Area,
        Box = ToWire(region.Box),
        Centroid = new Wire.Point { X = (float)region.CentroidX, Y = (float)region.CentroidY },
        Mask = ToWire(region.Mask),
    };

    private static Wire.Box ToWire(PixelBox box) => new() { X = box.X, Y = box.Y, Width = box.Width, Height = box.Height };

    private static Wire.Mask ToWire(Mask mask)
    {
        Wire.Mask wire = new() { Area = (ulong)mask.Area };
        switch (mask)
        {
            case CocoRleMask rle:
                wire.CocoRle = new Wire.CocoRle { Height = (uint)rle.Height, Width = (uint)rle.Width, Counts = rle.Counts };
                break;

            case PolygonMask polygon:
                wire.Polygon = new Wire.PolygonMask { Rings = { polygon.Rings.Select(ToWire) } };
                break;

            case PngMask png:
                wire.Png = new Wire.PngMask
                {
                    Data = UnsafeByteOperations.UnsafeWrap(png.Data),
                    X = (uint)png.X,
                    Y = (uint)png.Y,
                    Width = (uint)png.Width,
                    Height = (uint)png.Height,
                };
                break;
        }

        return wire;
    }

    private static Wire.Ring ToWire(IReadOnlyList<PixelCorner> ring) =>
        new() { Points = { ring.Select(corner => new Wire.Point { X = corner.X, Y = corner.Y }) } };

    private static Wire.ImageSize SizeOf(InspectionResult result) => ToSize(result.ImageWidth, result.ImageHeight);

    private static Wire.ImageSize ToSize(int width, int height) => new() { Width = (uint)width, Height = (uint)height };

    private static Wire.Execution ExecutionOf(InspectionResult result) =>
        ToExecution(result.ExecutionProvider, result.Device, result.Precision, result.Times);

    private static Wire.Execution ToExecution(
        string executionProvider, string device, ModelPrecision precision, StageTimes times) => new()
    {
        ExecutionProvider = executionProvider,
        Device = device,
        Precision = ModelMapping.ToWire(precision),
        Times = new Wire.StageTimes
        {
            DecodeMs = Milliseconds(times.Decode),
            QueueMs = Milliseconds(times.Queue),
            PreprocessMs = Milliseconds(times.Preprocess),
            Stage1Ms = Milliseconds(times.Stage1),
            DetectionMs = Milliseconds(times.Detection),
            RoiAlignMs = Milliseconds(times.RoiAlign),
            Stage2Ms = Milliseconds(times.Stage2),
            SegmentationMs = Milliseconds(times.Segmentation),
            ResultsMs = Milliseconds(times.Results),
            TotalMs = Milliseconds(times.Total),
        },
    };

    private static float Milliseconds(TimeSpan time) => (float)time.TotalMilliseconds;
}
