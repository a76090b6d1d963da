using System.Buffers;
using System.ComponentModel;
using System.Globalization;
using System.Security.Cryptography;
using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.SharedMemory;

/// <summary>All leases that stand, and the memory that they may have together. Safe for calls from many threads at once.</summary>
/// <remarks>Disposed of after the engine, so that frames which were taken before a shutdown find their memory.</remarks>
internal sealed class LeaseTable(ServerOptions options, TimeProvider time, ILogger<LeaseTable> log) : ISharedMemory, IDisposable
{
    /// <summary>Most leases at once: each costs a descriptor and a mapping.</summary>
    public const int MaxLeases = 64;

    private readonly Lock _lock = new();
    private readonly Dictionary<LeaseId, Lease> _leases = [];
    private long _reservedBytes;
    private int _reservedLeases;

    /// <summary>Whether the operator has given memory for leases.</summary>
    public bool IsOn => options.SharedMemoryBytes > 0;

    /// <summary>Memory that leases hold, those included that have ended and whose frames are still read. Unit: bytes.</summary>
    public long ReservedBytes
    {
        get
        {
            lock (_lock)
                return _reservedBytes;
        }
    }

    /// <summary>Takes memory for a caller; <see cref="End"/> gives it back.</summary>
    /// <exception cref="InspectionException">There is none left.</exception>
    public Lease Open(LeaseSize size)
    {
        Reserve(size);
        string name = string.Create(CultureInfo.InvariantCulture, $"ymasknet-{RandomNumberGenerator.GetHexString(16, lowercase: true)}");
        Lease lease;
        try
        {
            lease = new Lease(new SealedMemory(name, size.TotalBytes), name, size, time, freed: () => Unreserve(size));
        }
        catch (Exception error) when (error is Win32Exception or IOException or UnauthorizedAccessException)
        {
            Unreserve(size);
            LeaseLog.SystemRefused(log, size.TotalBytes, error);
            throw LeaseErrors.Exhausted($"The server's system has no {size.TotalBytes} bytes of memory to share; its log says why.");
        }
        catch
        {
            Unreserve(size);
            throw;
        }

        lock (_lock)
            _leases.Add(lease.Id, lease);
        return lease;
    }

    /// <inheritdoc/>
    public IMemoryOwner<byte> Hold(ReadOnlySpan<byte> leaseId, uint slot)
    {
        if (leaseId.Length != LeaseId.Bytes)
            throw LeaseErrors.IdInvalid(leaseId.Length);

        Lease? lease;
        lock (_lock)
            _leases.TryGetValue(LeaseId.Read(leaseId), out lease);
        if (lease is null)
            throw LeaseErrors.Expired();
        if (slot >= lease.Size.SlotCount)
            throw LeaseErrors.SlotOutOfRange(slot, lease.Size.SlotCount);

        return lease.TryHold((int)slot) ?? throw LeaseErrors.Expired();
    }

    /// <summary>Ends a lease. Frames that are being read are finished; the memory is given back after them.</summary>
    public void End(Lease lease)
    {
        lock (_lock)
            _leases.Remove(lease.Id);
        lease.End();
    }

    public void Dispose()
    {
        Lease[] left;
        lock (_lock)
            left = [.. _leases.Values];
        foreach (Lease lease in left)
            End(lease);
    }

    private void Reserve(LeaseSize size)
    {
        lock (_lock)
        {
            if (_reservedLeases >= MaxLeases)
                throw LeaseErrors.Exhausted($"The server has {_reservedLeases} leases, and no more at once.");

            long left = options.SharedMemoryBytes - _reservedBytes;
            if (size.TotalBytes > left)
            {
                throw LeaseErrors.Exhausted(
                    $"{size.SlotCount} slots of {size.SlotBytes} bytes have {size.TotalBytes}; the server has {left} left"
                    + $" of the {options.SharedMemoryBytes} that it leases.");
            }

            _reservedBytes += size.TotalBytes;
            _reservedLeases++;
        }
    }

    private void Unreserve(LeaseSize size)
    {
        lock (_lock)
        {
            _reservedBytes -= size.TotalBytes;
            _reservedLeases--;
        }
    }
}
