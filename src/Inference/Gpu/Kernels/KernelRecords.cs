using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using YMaskNet.Inference.Detection;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Gpu.Kernels;

/// <summary>Sample formats of native-kernels/kernels/records.cuh.</summary>
internal enum KernelFormat
{
    Grey8 = 0,
    Grey16 = 1,
    Rgb8 = 2,
    Bgr8 = 3,
    Rgb16 = 4,
    BayerRg8 = 5,
}

/// <summary>Tasks of native-kernels/kernels/records.cuh.</summary>
internal enum KernelTask
{
    NoTask = 0,
    Detect = 1,
    DetectAndSegment = 2,
    Segment = 3,
    Classify = 4,
}

/// <summary>The kernels' <c>Slot</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelSlot
{
    public nint Pixels;
    public nint ClassMap;
    public int ImageWidth;
    public int ImageHeight;
    public int Stride;
    public KernelFormat Format;
    public float MaxSample;
    public KernelTask Task;
    public int ContentWidth;
    public int ContentHeight;
    public int Left;
    public int Top;
    public float CandidateMinScore;
    public float MinObjectnessLogit;
    public float IouThreshold;
    public int MaxDefects;
    public float MinScore;
    public int Reserved;

    /// <summary>A slot whose image is placed so.</summary>
    public static KernelSlot Of(KernelTask task, in Letterbox letterbox) => new()
    {
        Task = task,
        ImageWidth = letterbox.ImageWidth,
        ImageHeight = letterbox.ImageHeight,
        ContentWidth = letterbox.ContentWidth,
        ContentHeight = letterbox.ContentHeight,
        Left = letterbox.Left,
        Top = letterbox.Top,
    };
}

/// <summary>The kernels' <c>Region</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct KernelRegion(CornerBox NetworkBox, CornerBox ImageBox, float Score, int ClassId, int AnchorIndex, int Slot);

/// <summary>The kernels' <c>Instance</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct KernelInstance(
    CornerBox ImageBox,
    float Score,
    int ClassId,
    int AnchorIndex,
    int Slot,
    int MaskX,
    int MaskY,
    int MaskWidth,
    int MaskHeight,
    int MaskOffset,
    int IsKept,
    int Reserved1,
    int Reserved2);

/// <summary>The kernels' <c>ArenaState</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct KernelArenaState(long NeededBytes, int MissingMasks, int Reserved);

/// <summary>The kernels' <c>RegionChunk</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct KernelRegionChunk(int First, int Capacity);

/// <summary>Three values, one for each channel.</summary>
[InlineArray(3)]
internal struct ThreeFloats
{
    private float _first;
}

/// <summary>Four values.</summary>
[InlineArray(4)]
internal struct FourFloats
{
    private float _first;
}

/// <summary>Widths and heights of 16 anchors.</summary>
[InlineArray(32)]
internal struct AnchorSizes
{
    private float _first;
}

/// <summary>The kernels' <c>NetworkInput</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelNetworkInput
{
    public int Channels;
    public int Height;
    public int Width;
    public float Surround;
    public ThreeFloats Mean;
    public ThreeFloats Std;
}

/// <summary>The kernels' <c>AnchorHead</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelAnchorHead
{
    public nint Values;
    public int Columns;
    public int Rows;
    public int Stride;
    public int AnchorCount;
    public int FirstAnchor;
    public int Reserved;
    public AnchorSizes Sizes;
}

/// <summary>All heads.</summary>
[InlineArray(8)]
internal struct KernelHeads
{
    private KernelAnchorHead _first;
}

/// <summary>The kernels' <c>AnchorHeads</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelAnchorHeads
{
    public int ClassCount;
    public int TotalAnchors;
    public KernelHeads Heads;
}

/// <summary>The kernels' <c>RegionLevel</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal record struct KernelRegionLevel(nint Values, int Height, int Width, float SpatialScale, int Reserved);

/// <summary>All levels of a region input.</summary>
[InlineArray(5)]
internal struct KernelRegionLevels
{
    private KernelRegionLevel _first;
}

/// <summary>The kernels' <c>RegionInput</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelRegionInput
{
    public KernelRegionLevels Levels;
    public int LevelCount;
    public float SecondLevelArea;
    public int Channels;
    public int OutputSize;
    public int SamplingRatio;
    public int Unshuffle;
    public int FirstChannel;
    public int TotalChannels;
}

/// <summary>The kernels' <c>Refinement</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct KernelRefinement
{
    public int ClassCount;
    public int MaskSize;
    public float MaskThreshold;
    public float LogScaleClamp;
    public FourFloats DeltaWeights;
    public int UsesStage1Score;
}
