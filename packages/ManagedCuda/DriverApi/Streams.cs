using System.Runtime.InteropServices;
using ManagedCuda.BasicTypes;

namespace ManagedCuda;

public static partial class DriverAPINativeMethods
{
    /// <summary>Streams.</summary>
    public static partial class Streams
    {
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuStreamCreate(ref CUstream phStream, CUStreamFlags Flags);

        /// <param name="phStream">The stream.</param>
        /// <param name="flags">How it stands to the default stream.</param>
        /// <param name="priority">Lower numbers go first; 0 is the default.</param>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuStreamCreateWithPriority(ref CUstream phStream, CUStreamFlags flags, int priority);

        /// <summary>The stream's work still finishes.</summary>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuStreamDestroy_v2(CUstream hStream);

        /// <summary>Waits for everything in the stream.</summary>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuStreamSynchronize(CUstream hStream);

        /// <summary><see cref="CUResult.Success"/> when everything in the stream has finished, else <see cref="CUResult.ErrorNotReady"/>.</summary>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuStreamQuery(CUstream hStream);

        /// <summary>What the stream gets from now on waits for the event as last recorded; an event never recorded is not waited for.</summary>
        [LibraryImport(DriverLibrary.Name)]
        public static partial CUResult cuStreamWaitEvent(CUstream hStream, CUevent hEvent, uint Flags);
    }
}
