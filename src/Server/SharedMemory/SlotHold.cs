using System.Buffers;

namespace YMaskNet.Server.SharedMemory;

/// <summary>A slot that is being read: its lease's memory stays in place until this is disposed of.</summary>
internal sealed unsafe class SlotHold : MemoryManager<byte>
{
    private readonly byte* _slot;
    private readonly int _bytes;
    private Lease? _lease;

    /// <param name="lease">Released once, by <see cref="Dispose"/>.</param>
    /// <param name="slot">Its first byte.</param>
    /// <param name="bytes">Its size.</param>
    public SlotHold(Lease lease, byte* slot, int bytes)
    {
        _lease = lease;
        _slot = slot;
        _bytes = bytes;
    }

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _lease) is null, this);
        return new Span<byte>(_slot, _bytes);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_bytes, nameof(elementIndex));
        return new MemoryHandle(_slot + elementIndex);
    }

    public override void Unpin()
    {
        // It does not move.
    }

    protected override void Dispose(bool disposing) => Interlocked.Exchange(ref _lease, null)?.Release();
}
