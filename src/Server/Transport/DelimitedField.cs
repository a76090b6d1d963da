namespace YMaskNet.Server.Transport;

/// <summary>A length-delimited field in a serialized message.</summary>
/// <param name="LengthAt">Where its length begins. Unit: bytes from the message's start.</param>
/// <param name="ContentAt">Where its content begins.</param>
/// <param name="Length">Of its content. Unit: bytes.</param>
internal readonly record struct DelimitedField(long LengthAt, long ContentAt, long Length)
{
    public long End => ContentAt + Length;
}
