using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace ManagedCuda;

/// <summary>A place in a stream's order, to wait for.</summary>
public class CudaEvent : IDisposable
{
    private CUevent _event;
    private bool _isDisposed;

    public CudaEvent()
        : this(CUEventFlags.Default)
    {
    }

    public CudaEvent(CUEventFlags flags) => CudaException.ThrowUnlessSuccess(Events.cuEventCreate(ref _event, flags));

    public CUevent Event => _event;

    /// <summary>The time between two events that have been reached, in milliseconds.</summary>
    public static float ElapsedTime(CudaEvent eventStart, CudaEvent eventEnd)
    {
        float milliseconds = 0;
        CudaException.ThrowUnlessSuccess(Events.cuEventElapsedTime(ref milliseconds, eventStart._event, eventEnd._event));
        return milliseconds;
    }

    /// <summary>The event becomes the place after everything that is in the default stream now.</summary>
    public void Record() => Record(CUstream.NullStream);

    /// <summary>The event becomes the place after everything that is in the stream now.</summary>
    public void Record(CUstream stream)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CudaException.ThrowUnlessSuccess(Events.cuEventRecord(_event, stream));
    }

    /// <summary>Waits until the event has been reached.</summary>
    public void Synchronize()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CudaException.ThrowUnlessSuccess(Events.cuEventSynchronize(_event));
    }

    /// <summary>Whether the event has been reached.</summary>
    public bool Query()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CUResult result = Events.cuEventQuery(_event);
        if (result == CUResult.ErrorNotReady)
            return false;

        CudaException.ThrowUnlessSuccess(result);
        return true;
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool fDisposing)
    {
        // The event may have gone with its context.
        if (fDisposing && !_isDisposed)
            _ = Events.cuEventDestroy_v2(_event);

        _isDisposed = true;
    }
}
