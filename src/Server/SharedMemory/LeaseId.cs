using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;

namespace YMaskNet.Server.SharedMemory;

/// <summary>Names a lease and allows its use: 128 random bits. It prints as nothing, so that no log holds it.</summary>
internal readonly struct LeaseId : IEquatable<LeaseId>
{
    /// <summary>Its length on the wire.</summary>
    public const int Bytes = 16;

    private readonly UInt128 _value;

    private LeaseId(UInt128 value) => _value = value;

    public static LeaseId NewRandom() => Read(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Reads an id of <see cref="Bytes"/> bytes.</summary>
    public static LeaseId Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt128BigEndian(bytes));

    public byte[] ToBytes()
    {
        byte[] bytes = new byte[Bytes];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, _value);
        return bytes;
    }

    public bool Equals(LeaseId other) => _value == other._value;

    public override bool Equals([NotNullWhen(true)] object? obj) => obj is LeaseId other && Equals(other);

    public override int GetHashCode() => _value.GetHashCode();

    public override string ToString() => nameof(LeaseId);
}
