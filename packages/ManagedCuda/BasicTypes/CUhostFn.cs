using System.Runtime.InteropServices;

namespace ManagedCuda.BasicTypes;

/// <summary>
/// A function of the host in a stream's order. It must not call the driver. Whoever enqueues it keeps it alive until it has run.
/// </summary>
[UnmanagedFunctionPointer(CallingConvention.Cdecl)]
public delegate void CUhostFn(IntPtr userData);
