using System.Runtime.InteropServices;

namespace ManagedCuda.BasicTypes;

/// <summary>C's <c>size_t</c>: a number of bytes or elements, or a device address. Converts to and from C#'s integers.</summary>
[StructLayout(LayoutKind.Sequential)]
public struct SizeT : IEquatable<SizeT>
{
    private readonly nuint _value;

    public SizeT(int value) => _value = (nuint)value;

    public SizeT(uint value) => _value = value;

    public SizeT(long value) => _value = (nuint)value;

    public SizeT(ulong value) => _value = (nuint)value;

    public SizeT(nint value) => _value = (nuint)value;

    public SizeT(nuint value) => _value = value;

    public static implicit operator int(SizeT t) => (int)t._value;

    public static implicit operator uint(SizeT t) => (uint)t._value;

    public static implicit operator long(SizeT t) => (long)t._value;

    public static implicit operator ulong(SizeT t) => t._value;

    public static implicit operator nint(SizeT t) => (nint)t._value;

    public static implicit operator nuint(SizeT t) => t._value;

    public static implicit operator SizeT(int value) => new(value);

    public static implicit operator SizeT(uint value) => new(value);

    public static implicit operator SizeT(long value) => new(value);

    public static implicit operator SizeT(ulong value) => new(value);

    public static implicit operator SizeT(nint value) => new(value);

    public static implicit operator SizeT(nuint value) => new(value);

    public static bool operator ==(SizeT val1, SizeT val2) => val1._value == val2._value;

    public static bool operator !=(SizeT val1, SizeT val2) => val1._value != val2._value;

    public readonly bool Equals(SizeT other) => _value == other._value;

    public override readonly bool Equals(object? obj) => obj is SizeT other && Equals(other);

    public override readonly int GetHashCode() => _value.GetHashCode();

    public override readonly string ToString() => _value.ToString();
}
