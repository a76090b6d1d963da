using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace ManagedCuda;

/// <summary>
/// The one context of a device that libraries in the process share, ONNX Runtime's CUDA provider among them. Disposing gives one
/// use of it back. It is not current to any thread until <see cref="CudaContext.SetCurrent"/>.
/// </summary>
public class PrimaryContext : CudaContext
{
    /// <summary>Uses the primary context of device 0.</summary>
    public PrimaryContext()
        : this(0)
    {
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such device.</exception>
    /// <exception cref="CudaException">The driver cannot make the context.</exception>
    public PrimaryContext(int deviceId)
        : base(deviceId)
    {
        Context = Retain(Device);
    }

    /// <summary>Says how threads wait in the device's primary context; best said before it is made.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such device.</exception>
    public static void SetFlags(int deviceID, CUCtxFlags flags) =>
        CudaException.ThrowUnlessSuccess(ContextManagement.cuDevicePrimaryCtxSetFlags_v2(DeviceOf(deviceID), flags));

    protected override void Dispose(bool fDisposing)
    {
        // A driver that is shutting down, or a lost context, has nothing left to give back.
        if (fDisposing && !IsDisposed)
            _ = ContextManagement.cuDevicePrimaryCtxRelease_v2(Device);

        base.Dispose(fDisposing);
    }

    private static CUcontext Retain(CUdevice device)
    {
        CUcontext context = default;
        CudaException.ThrowUnlessSuccess(ContextManagement.cuDevicePrimaryCtxRetain(ref context, device));
        return context;
    }
}
