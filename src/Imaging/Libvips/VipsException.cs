using System.Runtime.InteropServices;

namespace YMaskNet.Imaging.Libvips;

/// <summary>libvips could not do what it was asked.</summary>
internal sealed class VipsException(string message) : Exception(message)
{
    /// <summary>
    /// Makes an exception of what libvips says last, and clears that. libvips has one text for all threads: the
    /// message is a hint for people and nothing may depend on it.
    /// </summary>
    public static unsafe VipsException TakeLast(string operation)
    {
        nint copy = VipsNative.CopyErrorBuffer();
        VipsNative.ClearErrorBuffer();
        string? text = Marshal.PtrToStringUTF8(copy);
        VipsNative.Free((void*)copy);

        string? last = text?.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault();
        return new VipsException(last ?? operation);
    }
}
