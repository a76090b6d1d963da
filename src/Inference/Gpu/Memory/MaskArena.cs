using ManagedCuda.BasicTypes;

namespace YMaskNet.Inference.Gpu.Memory;

/// <summary>
/// Where the bits of a batch's masks lie: behind the other results, with which they come to the host, until a batch's had no room
/// there; from then on in memory of their own.
/// </summary>
internal sealed class MaskArena(DeviceBuffer results, PinnedBuffer<byte> resultsOnHost, int place) : IDisposable
{
    private StagedBytes? _own;

    /// <summary>Unit: bytes.</summary>
    public int Length => _own is null ? (int)(results.Bytes - place) : (int)_own.Host.Length;

    /// <summary>Whether it comes to the host by a copy of its own.</summary>
    public bool IsApart => _own is not null;

    /// <summary>For kernels: never to be read by the host.</summary>
    public nint Address => _own?.Device.Address ?? results.Address + place;

    /// <summary>What has come to the host.</summary>
    public ReadOnlySpan<byte> OnHost => _own is null ? resultsOnHost.Slice(place, Length) : _own.Host.Values;

    /// <summary>A byte on the device, for the driver.</summary>
    public CUdeviceptr OnDevice(int offset) => _own?.Device.At(offset) ?? results.At(place + offset);

    /// <summary>Its place on the host, for the driver.</summary>
    public nint HostAddress(int offset) => _own?.Host.At(offset) ?? resultsOnHost.At(place + offset);

    /// <summary>Makes room; what was there is lost, and nothing may be using it.</summary>
    /// <exception cref="InspectionException">There is not so much memory left; there is as much room as before.</exception>
    public void Enlarge(int bytes)
    {
        int before = _own is null ? 0 : Length;
        StagedBytes own = _own ?? new StagedBytes("the masks");
        try
        {
            own.Ensure(bytes);
        }
        catch (InspectionException)
        {
            own.Dispose();
            if (before > 0)
                own.Ensure(before);
            throw;
        }

        _own = own;
    }

    public void Dispose() => _own?.Dispose();
}
