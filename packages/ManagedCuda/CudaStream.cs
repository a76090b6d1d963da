using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace ManagedCuda;

/// <summary>A stream of the current context. For the default stream use <see cref="CUstream.NullStream"/>.</summary>
public class CudaStream : IDisposable
{
    private readonly bool _isOwner = true;
    private bool _isDisposed;
    private CUstream _stream;

    public CudaStream()
        : this(CUStreamFlags.None)
    {
    }

    /// <summary>Wraps a stream; disposing leaves it alone.</summary>
    public CudaStream(CUstream stream)
    {
        _stream = stream;
        _isOwner = false;
    }

    public CudaStream(CUStreamFlags flags) =>
        CudaException.ThrowUnlessSuccess(Streams.cuStreamCreate(ref _stream, flags));

    /// <param name="priority">Lower numbers go first; 0 is the default.</param>
    /// <param name="flags">How it stands to the default stream.</param>
    public CudaStream(int priority, CUStreamFlags flags) =>
        CudaException.ThrowUnlessSuccess(Streams.cuStreamCreateWithPriority(ref _stream, flags, priority));

    public CUstream Stream => _stream;

    /// <summary>Waits for everything in the stream.</summary>
    public void Synchronize()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CudaException.ThrowUnlessSuccess(Streams.cuStreamSynchronize(_stream));
    }

    /// <summary>Whether everything in the stream has finished.</summary>
    public bool Query()
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CUResult result = Streams.cuStreamQuery(_stream);
        if (result == CUResult.ErrorNotReady)
            return false;

        CudaException.ThrowUnlessSuccess(result);
        return true;
    }

    /// <summary>What the stream gets from now on waits for the event as last recorded; an event never recorded is not waited for.</summary>
    public void WaitEvent(CUevent cuevent)
    {
        ObjectDisposedException.ThrowIf(_isDisposed, this);
        CudaException.ThrowUnlessSuccess(Streams.cuStreamWaitEvent(_stream, cuevent, 0));
    }

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool fDisposing)
    {
        // The stream may have gone with its context.
        if (fDisposing && !_isDisposed && _isOwner)
            _ = Streams.cuStreamDestroy_v2(_stream);

        _isDisposed = true;
    }
}
