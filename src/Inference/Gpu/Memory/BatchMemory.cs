using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;
using YMaskNet.Inference.Gpu.Kernels;

namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>
/// What a batch needs of its own, so that it can go up, be computed or come down while another batch does something else: on the
/// device, and pinned on the host.
/// </summary>
internal sealed class BatchMemory : IDisposable
{
    private readonly OwnedResources _owned = new();
    private readonly ResultLayout _places;
    private readonly DeviceBuffer _results = null!;
    private readonly PinnedBuffer<byte> _resultsOnHost = null!;

    /// <param name="maxBatch">Most inspections of a batch.</param>
    /// <param name="maxRois">Most regions of an inspection; 0 where the model finds none.</param>
    /// <param name="hasMasks">Whether the model has a second network.</param>
    /// <param name="arenaBytes">Room for masks to begin with.</param>
    /// <exception cref="InspectionException">There is too little memory.</exception>
    public BatchMemory(int maxBatch, int maxRois, bool hasMasks, int arenaBytes)
    {
        Layout = new HeaderLayout(maxBatch);
        int regions = maxBatch * maxRois;
        try
        {
            Slots = _owned.Add(new DeviceBuffer((long)maxBatch * Unsafe.SizeOf<KernelSlot>(), "a batch's slots"));
            Upload = _owned.Add(new StagedArea("a batch's images"));
            ClassMaps = _owned.Add(new StagedArea("a batch's class maps"));
            if (maxRois == 0)
                return;
            _places = new ResultLayout(Layout, regions, hasMasks, arenaBytes);
            const string Purpose = "a batch's results";
            _results = _owned.Add(new DeviceBuffer(_places.Bytes, Purpose));
            _resultsOnHost = _owned.Add(new PinnedBuffer<byte>(_places.Bytes, Purpose));
            Total = _owned.Add(new PinnedBuffer<int>(1, "a batch's counts"));
            List = _owned.Add(new DeviceBuffer((long)regions * sizeof(int), "the list of regions"));
            if (hasMasks)
                Arena = _owned.Add(new MaskArena(_results, _resultsOnHost, _places.Arena));
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the counts lie behind <see cref="Header"/>.</summary>
    public HeaderLayout Layout { get; }

    /// <summary><c>[N]</c> <see cref="KernelSlot"/>, on the device alone.</summary>
    public DeviceBuffer Slots { get; }

    /// <summary>What goes to the device: slots, images, callers' regions.</summary>
    public StagedArea Upload { get; }

    /// <summary>Class maps behind one another; the device's come to the host.</summary>
    public StagedArea ClassMaps { get; }

    // What models without detection, or without a second network, don't have is never asked for there.

    /// <summary>All counts, for kernels.</summary>
    public nint Header => _results.Address + _places.Header;

    /// <summary><c>[N, maxRois]</c> <see cref="KernelRegion"/>, for kernels.</summary>
    public nint Regions => _results.Address + ResultLayout.Regions;

    /// <summary><c>[N maxRois]</c> <see cref="KernelInstance"/>, in the list's order, for kernels.</summary>
    public nint Instances => _results.Address + _places.Instances;

    /// <summary><c>[N maxRois]</c> int32: which regions the second network looks at.</summary>
    public DeviceBuffer List { get; } = null!;

    /// <summary>Regions of the batch, as soon as they are known.</summary>
    public PinnedBuffer<int> Total { get; } = null!;

    /// <summary>The bits of the masks; the device's come to the host.</summary>
    public MaskArena Arena { get; } = null!;

    /// <summary>The counts that came to the host.</summary>
    public ReadOnlySpan<byte> HeaderOnHost => _resultsOnHost.Slice(_places.Header, Layout.Bytes);

    /// <summary>A count, for the driver.</summary>
    /// <param name="offset">As <see cref="Layout"/> says.</param>
    public CUdeviceptr HeaderAt(int offset) => _results.At(_places.Header + offset);

    /// <summary>A region, for the driver.</summary>
    public CUdeviceptr RegionAt(int index) => _results.At(ResultLayout.Regions + ((long)index * Unsafe.SizeOf<KernelRegion>()));

    /// <summary>Regions that came to the host.</summary>
    public ReadOnlySpan<KernelRegion> RegionsOnHost(int first, int count) => MemoryMarshal.Cast<byte, KernelRegion>(
        _resultsOnHost.Slice(ResultLayout.Regions + ((long)first * Unsafe.SizeOf<KernelRegion>()), count * Unsafe.SizeOf<KernelRegion>()));

    /// <summary>Instances that came to the host.</summary>
    public ReadOnlySpan<KernelInstance> InstancesOnHost(int first, int count) => MemoryMarshal.Cast<byte, KernelInstance>(
        _resultsOnHost.Slice(_places.Instances + ((long)first * Unsafe.SizeOf<KernelInstance>()), count * Unsafe.SizeOf<KernelInstance>()));

    /// <summary>Enqueues the way of the results to the host, in one copy.</summary>
    /// <param name="withRegions">Whether the regions come too.</param>
    /// <param name="withInstances">Whether the instances come too.</param>
    /// <param name="maskBytes">How much of the masks' room comes with the instances; 0 where that is apart.</param>
    /// <param name="streams">The lane's.</param>
    public void DownloadResults(bool withRegions, bool withInstances, int maskBytes, GpuStreams streams)
    {
        int start = withRegions ? ResultLayout.Regions : _places.Header;
        int end = withInstances ? _places.Arena + maskBytes : _places.HeaderEnd;
        CudaCalls.Download(_resultsOnHost.At(start), _results.At(start), end - start, streams.CopyOut);
    }

    public void Dispose() => _owned.Dispose();
}
