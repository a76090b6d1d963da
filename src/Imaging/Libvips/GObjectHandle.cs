using Microsoft.Win32.SafeHandles;

namespace YMaskNet.Imaging.Libvips;

/// <summary>One reference to a GObject: an image or a region.</summary>
internal sealed class GObjectHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public GObjectHandle(nint reference)
        : base(ownsHandle: true) => SetHandle(reference);

    protected override bool ReleaseHandle()
    {
        VipsNative.UnrefObject(handle);
        return true;
    }
}
