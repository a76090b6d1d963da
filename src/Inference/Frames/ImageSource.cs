namespace YMaskNet.Inference.Frames;

/// <summary>An image as a caller hands it in: <see cref="EncodedImage"/>, <see cref="RawImage"/> or <see cref="SharedImage"/>.</summary>
public abstract record ImageSource;

/// <summary>The bytes of a JPEG, PNG, TIFF, WebP or BMP file, recognised by its signature.</summary>
/// <param name="Data">The whole file. Not copied: it must stay unchanged until the inspection ends.</param>
public sealed record EncodedImage(ReadOnlyMemory<byte> Data) : ImageSource;

/// <summary>Uncompressed pixels, row-major, top row first.</summary>
/// <param name="Data">The pixels. Not copied: it must stay unchanged until the inspection ends.</param>
/// <param name="Format">Layout of one pixel; a number that <see cref="PixelFormat"/> lacks is refused.</param>
/// <param name="Width">Unit: pixels.</param>
/// <param name="Height">Unit: pixels.</param>
/// <param name="Stride">Bytes from row to row; 0: rows follow each other without padding.</param>
public sealed record RawImage(ReadOnlyMemory<byte> Data, PixelFormat Format, int Width, int Height, int Stride = 0) : ImageSource;

/// <summary>Uncompressed pixels in memory that is shared with the caller, row-major, top row first.</summary>
/// <param name="LeaseId">Names the lease of <see cref="ISharedMemory"/>.</param>
/// <param name="Slot">Index of the slot.</param>
/// <param name="Offset">Where in the slot the first pixel lies. Unit: bytes. Even for formats of 2 bytes per sample.</param>
/// <param name="Format">Layout of one pixel; a number that <see cref="PixelFormat"/> lacks is refused.</param>
/// <param name="Width">Unit: pixels.</param>
/// <param name="Height">Unit: pixels.</param>
/// <param name="Stride">Bytes from row to row; 0: rows follow each other without padding.</param>
public sealed record SharedImage(
    ReadOnlyMemory<byte> LeaseId, uint Slot, ulong Offset, PixelFormat Format, int Width, int Height, int Stride = 0) : ImageSource;

/// <summary>Samples as a <see cref="Frame"/> has them, made and checked inside this library: a tile of a board.</summary>
/// <param name="Data">[height, width, channels], rows adjacent. Not copied: it must stay unchanged until the inspection ends.</param>
/// <param name="Width">Unit: pixels.</param>
/// <param name="Height">Unit: pixels.</param>
/// <param name="Channels">1 or 3.</param>
/// <param name="BitsPerSample">8 or 16.</param>
/// <param name="MaxSample">The sample that stands for 1.0.</param>
internal sealed record SampleImage(ReadOnlyMemory<byte> Data, int Width, int Height, int Channels, int BitsPerSample, int MaxSample) : ImageSource
{
    public Frame ToFrame() => new(Data, Width, Height, Width * Channels * (BitsPerSample / 8), Channels, BitsPerSample, MaxSample);
}
