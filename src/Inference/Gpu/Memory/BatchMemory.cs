using YMaskNet.Inference.Gpu.Kernels;

namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>
/// What a batch needs of its own, so that it can go up, be computed or come down while another batch does something else: on the
/// device, and pinned on the host.
/// </summary>
internal sealed class BatchMemory : IDisposable
{
    private readonly OwnedResources _owned = new();

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
            Slots = _owned.Add(new Mirrored<KernelSlot>(maxBatch, "a batch's slots"));
            if (maxRois == 0)
                return;
            Header = _owned.Add(new DeviceBuffer(Layout.Bytes, "a batch's counts"));
            HeaderOnHost = _owned.Add(new PinnedBuffer<byte>(Layout.Bytes, "a batch's counts"));
            Total = _owned.Add(new PinnedBuffer<int>(1, "a batch's counts"));
            Regions = _owned.Add(new Mirrored<KernelRegion>(regions, "the regions"));
            List = _owned.Add(new DeviceBuffer((long)regions * sizeof(int), "the list of regions"));
            if (!hasMasks)
                return;
            OutlineCounts = _owned.Add(new PinnedBuffer<int>(maxBatch, "a batch's counts"));
            Outlines = _owned.Add(new PinnedBuffer<KernelRegion>(regions, "the callers' regions"));
            Instances = _owned.Add(new Mirrored<KernelInstance>(regions, "the instances"));
            Arena = new StagedBytes("the masks");
            _owned.Add(Arena);
            Arena.Ensure(arenaBytes);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>Where the counts lie in <see cref="Header"/>.</summary>
    public HeaderLayout Layout { get; }

    /// <summary><c>[N]</c>; the host's go to the device.</summary>
    public Mirrored<KernelSlot> Slots { get; }

    // What models without detection, or without a second network, don't have is never asked for there.

    /// <summary>All counts.</summary>
    public DeviceBuffer Header { get; } = null!;

    public PinnedBuffer<byte> HeaderOnHost { get; } = null!;

    /// <summary>Regions of the batch, as soon as they are known.</summary>
    public PinnedBuffer<int> Total { get; } = null!;

    /// <summary><c>[N, maxRois]</c>; the device's come to the host.</summary>
    public Mirrored<KernelRegion> Regions { get; } = null!;

    /// <summary><c>[N maxRois]</c> int32: which regions the second network looks at.</summary>
    public DeviceBuffer List { get; } = null!;

    /// <summary><c>[N]</c>: the callers' regions on their way to the device.</summary>
    public PinnedBuffer<int> OutlineCounts { get; } = null!;

    /// <summary><c>[N, maxRois]</c>, likewise.</summary>
    public PinnedBuffer<KernelRegion> Outlines { get; } = null!;

    /// <summary><c>[N maxRois]</c>, in the list's order; the device's come to the host.</summary>
    public Mirrored<KernelInstance> Instances { get; } = null!;

    /// <summary>The bits of the masks; the device's come to the host.</summary>
    public StagedBytes Arena { get; } = null!;

    public void Dispose() => _owned.Dispose();
}
