using System.Text;
using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace ManagedCuda;

/// <summary>
/// A context: the device's memory, streams and modules that belong together. It must be current to a thread before that thread
/// uses them. This stand-in makes contexts only as <see cref="PrimaryContext"/>.
/// </summary>
public class CudaContext : IDisposable
{
    private const int LongestName = 256;

    private protected CudaContext(int deviceId)
    {
        DeviceId = deviceId;
        Device = DeviceOf(deviceId);
    }

    public CUcontext Context { get; private protected set; }

    public CUdevice Device { get; }

    public int DeviceId { get; }

    private protected bool IsDisposed { get; private set; }

    /// <summary>The number of devices, starting the driver if this is the first call.</summary>
    /// <exception cref="CudaException">The driver cannot be started; without a device it is <see cref="CUResult.ErrorNoDevice"/>.</exception>
    /// <exception cref="DllNotFoundException">There is no driver.</exception>
    public static int GetDeviceCount()
    {
        CudaException.ThrowUnlessSuccess(cuInit(CUInitializationFlags.None));
        int count = 0;
        CudaException.ThrowUnlessSuccess(DeviceManagement.cuDeviceGetCount(ref count));
        return count;
    }

    /// <summary>The newest version of CUDA that the driver serves.</summary>
    public static Version GetDriverVersion()
    {
        int version = 0;
        CudaException.ThrowUnlessSuccess(cuDriverGetVersion(ref version));
        return new Version(version / 1000, version % 1000 / 10);
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such device.</exception>
    public static string GetDeviceName(int deviceId)
    {
        byte[] name = new byte[LongestName];
        CudaException.ThrowUnlessSuccess(DeviceManagement.cuDeviceGetName(name, name.Length, DeviceOf(deviceId)));
        return Encoding.UTF8.GetString(name.AsSpan(0, Math.Max(0, name.AsSpan().IndexOf((byte)0))));
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such device.</exception>
    public static Version GetDeviceComputeCapability(int deviceId)
    {
        CUdevice device = DeviceOf(deviceId);
        return new Version(
            AttributeOf(device, CUDeviceAttribute.ComputeCapabilityMajor), AttributeOf(device, CUDeviceAttribute.ComputeCapabilityMinor));
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such device.</exception>
    public static CudaDeviceProperties GetDeviceInfo(int deviceId)
    {
        CUdevice device = DeviceOf(deviceId);
        SizeT memory = 0;
        CudaException.ThrowUnlessSuccess(DeviceManagement.cuDeviceTotalMem_v2(ref memory, device));
        return new CudaDeviceProperties
        {
            DeviceName = GetDeviceName(deviceId),
            DriverVersion = GetDriverVersion(),
            ComputeCapability = GetDeviceComputeCapability(deviceId),
            TotalGlobalMemory = memory,
            MultiProcessorCount = AttributeOf(device, CUDeviceAttribute.MultiProcessorCount),
            MaxThreadsPerBlock = AttributeOf(device, CUDeviceAttribute.MaxThreadsPerBlock),
            SharedMemoryPerBlock = AttributeOf(device, CUDeviceAttribute.MaxSharedMemoryPerBlock),
            WarpSize = AttributeOf(device, CUDeviceAttribute.WarpSize),
        };
    }

    public CudaDeviceProperties GetDeviceInfo() => GetDeviceInfo(DeviceId);

    public string GetDeviceName() => GetDeviceName(DeviceId);

    /// <summary>Makes this context current to the calling thread.</summary>
    public void SetCurrent()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        CudaException.ThrowUnlessSuccess(ContextManagement.cuCtxSetCurrent(Context));
    }

    /// <summary>Waits for everything in this context, which must be current.</summary>
    public void Synchronize()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        CudaException.ThrowUnlessSuccess(ContextManagement.cuCtxSynchronize());
    }

    /// <summary>Loads kernels.</summary>
    /// <param name="moduleImage">PTX as ASCII text; a NUL at its end is added where it is missing.</param>
    /// <exception cref="CudaException">The driver cannot compile it.</exception>
    public CUmodule LoadModulePTX(byte[] moduleImage)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        CUmodule module = default;
        CudaException.ThrowUnlessSuccess(ModuleManagement.cuModuleLoadDataEx(ref module, WithNul(moduleImage), 0, null, null));
        return module;
    }

    public void UnloadModule(CUmodule aModule)
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        CudaException.ThrowUnlessSuccess(ModuleManagement.cuModuleUnload(aModule));
    }

    /// <summary>Bytes of device memory that can still be allocated; the context must be current.</summary>
    public SizeT GetFreeDeviceMemorySize() => MemoryInfo().Free;

    /// <summary>Bytes of device memory; the context must be current.</summary>
    public SizeT GetTotalDeviceMemorySize() => MemoryInfo().Total;

    public void Dispose()
    {
        Dispose(true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool fDisposing) => IsDisposed = true;

    private protected static CUdevice DeviceOf(int deviceId)
    {
        int count = GetDeviceCount();
        ArgumentOutOfRangeException.ThrowIfNegative(deviceId);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(deviceId, count);
        CUdevice device = default;
        CudaException.ThrowUnlessSuccess(DeviceManagement.cuDeviceGet(ref device, deviceId));
        return device;
    }

    private static int AttributeOf(CUdevice device, CUDeviceAttribute attribute)
    {
        int value = 0;
        CudaException.ThrowUnlessSuccess(DeviceManagement.cuDeviceGetAttribute(ref value, attribute, device));
        return value;
    }

    private static byte[] WithNul(byte[] text) => text is [.., 0] ? text : [.. text, 0];

    private (SizeT Free, SizeT Total) MemoryInfo()
    {
        ObjectDisposedException.ThrowIf(IsDisposed, this);
        SizeT free = 0;
        SizeT total = 0;
        CudaException.ThrowUnlessSuccess(MemoryManagement.cuMemGetInfo_v2(ref free, ref total));
        return (free, total);
    }
}
