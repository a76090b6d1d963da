using Microsoft.Win32.SafeHandles;

namespace YMaskNet.Imaging.Libvips;

/// <summary>One reference to a libvips operation and the references that the operation holds on its outputs.</summary>
internal sealed class OperationHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    public OperationHandle(nint reference)
        : base(ownsHandle: true) => SetHandle(reference);

    protected override bool ReleaseHandle()
    {
        VipsNative.UnrefOutputs(handle);
        VipsNative.UnrefObject(handle);
        return true;
    }
}
