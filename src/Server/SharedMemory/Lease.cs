using System.Buffers;

namespace YMaskNet.Server.SharedMemory;

/// <summary>
/// Memory that one caller may fill with images. It is taken back when the lease has ended and the last frame that reads it
/// is done. Safe for calls from many threads at once.
/// </summary>
internal sealed class Lease
{
    private readonly Lock _lock = new();
    private readonly SealedMemory _memory;
    private readonly TimeProvider _time;
    private readonly Action _freed;
    private int _holds;
    private bool _ended;
    private long _lastUse;

    /// <param name="memory">Taken over.</param>
    /// <param name="name">The memory's name in /proc.</param>
    /// <param name="size">How the memory is divided.</param>
    /// <param name="time">Measures idleness.</param>
    /// <param name="freed">Called once, when the memory has been given back.</param>
    public Lease(SealedMemory memory, string name, LeaseSize size, TimeProvider time, Action freed)
    {
        _memory = memory;
        Name = name;
        Size = size;
        _time = time;
        _freed = freed;
        _lastUse = time.GetTimestamp();
    }

    /// <summary>What the caller names it by.</summary>
    public LeaseId Id { get; } = LeaseId.NewRandom();

    /// <summary>The memory's name in /proc; no secret, unlike <see cref="Id"/>.</summary>
    public string Name { get; }

    public LeaseSize Size { get; }

    public int FileDescriptor => _memory.FileDescriptor;

    /// <summary>How many frames have been read from it.</summary>
    public long Frames { get; private set; }

    /// <summary>How long nothing has used it; zero while a frame is being read.</summary>
    public TimeSpan Idle
    {
        get
        {
            lock (_lock)
                return _holds > 0 ? TimeSpan.Zero : _time.GetElapsedTime(_lastUse);
        }
    }

    /// <summary>Says that its caller still wants it.</summary>
    public void Renew()
    {
        lock (_lock)
            _lastUse = _time.GetTimestamp();
    }

    /// <summary>Keeps a slot in place until what is returned is disposed of; <see langword="null"/> when the lease has ended.</summary>
    /// <param name="slot">Range: below the lease's slot count.</param>
    public unsafe IMemoryOwner<byte>? TryHold(int slot)
    {
        lock (_lock)
        {
            if (_ended)
                return null;

            _holds++;
            Frames++;
            return new SlotHold(this, _memory.At((long)slot * Size.SlotBytes), Size.SlotBytes);
        }
    }

    /// <summary>A frame has been read.</summary>
    public void Release()
    {
        bool isLast;
        lock (_lock)
        {
            _lastUse = _time.GetTimestamp();
            isLast = --_holds == 0 && _ended;
        }

        if (isLast)
            Free();
    }

    /// <summary>Lets no frame begin any more, and frees the memory as soon as none reads it. Later calls do nothing.</summary>
    public void End()
    {
        bool isUnused;
        lock (_lock)
        {
            isUnused = !_ended && _holds == 0;
            _ended = true;
        }

        if (isUnused)
            Free();
    }

    private void Free()
    {
        try
        {
            _memory.Dispose();
        }
        finally
        {
            _freed();
        }
    }
}
