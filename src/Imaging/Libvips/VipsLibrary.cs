using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace YMaskNet.Imaging.Libvips;

/// <summary>Starts libvips once in a process.</summary>
internal static unsafe class VipsLibrary
{
    private const int AllLogLevels = -4;

    private static readonly Lazy<bool> Initialised = new(Initialise);

    /// <summary>Starts libvips if this is the first call.</summary>
    /// <exception cref="InvalidOperationException">libvips can't be started.</exception>
    /// <exception cref="DllNotFoundException">libvips is not beside the program.</exception>
    public static void EnsureInitialised() => _ = Initialised.Value;

    private static bool Initialise()
    {
        if (VipsNative.Init("ymasknet") != 0)
            throw new InvalidOperationException($"libvips can't be started: {VipsException.TakeLast("vips_init").Message}");

        // Images are decoded in parallel by their callers; threads inside one image would only take from the others.
        VipsNative.SetConcurrency(1);

        // The cache holds on to inputs, and ours are the caller's memory.
        VipsNative.SetMaxCachedOperations(0);

        // Bad files make libvips print warnings; the caller gets them as exceptions instead.
        VipsNative.SetLogHandler("VIPS", AllLogLevels, &DiscardMessage, 0);
        return true;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void DiscardMessage(nint domain, int level, nint message, nint userData)
    {
    }
}
