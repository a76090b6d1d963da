using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

public static partial class DriverAPINativeMethods
{
    /// <summary>Events.</summary>
    public static partial class Events
    {
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuEventCreate(ref CUevent phEvent, CUEventFlags Flags);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuEventDestroy_v2(CUevent hEvent);

        /// <summary>The event becomes the place after everything that is in the stream now.</summary>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuEventRecord(CUevent hEvent, CUstream hStream);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuEventSynchronize(CUevent hEvent);

        /// <summary><see cref="CUResult.Success"/> when the event has been reached, else <see cref="CUResult.ErrorNotReady"/>.</summary>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuEventQuery(CUevent hEvent);

        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuEventElapsedTime(ref float pMilliseconds, CUevent hStart, CUevent hEnd);
    }
}
