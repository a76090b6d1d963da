using System.Buffers;

namespace YMaskNet.Client;

/// <summary>A slot's bytes while it is taken; afterwards they can't be reached through it any more.</summary>
internal sealed unsafe class SlotMemory : MemoryManager<byte>
{
    private readonly byte* _slot;
    private readonly int _length;
    private MappedMemory? _memory;

    public SlotMemory(MappedMemory memory, long offset, int length)
    {
        _slot = memory.Acquire() + offset;
        _length = length;
        _memory = memory;
    }

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _memory) is null, typeof(SharedMemorySlot));
        return new Span<byte>(_slot, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(Volatile.Read(ref _memory) is null, typeof(SharedMemorySlot));
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length, nameof(elementIndex));
        return new MemoryHandle(_slot + elementIndex);
    }

    public override void Unpin()
    {
        // It does not move.
    }

    protected override void Dispose(bool disposing) => Interlocked.Exchange(ref _memory, null)?.Release();
}
