using System.Runtime.InteropServices;

namespace YMaskNet.Imaging.Libvips;

/// <summary>GLib's generic value: a type and two words of data. All zero until initialised.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct GValue
{
    public nuint Type;
    public ulong Data0;
    public ulong Data1;
}
