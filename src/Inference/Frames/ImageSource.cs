namespace YMaskNet.Inference.Frames;

/// <summary>An image as a caller hands it in: <see cref="EncodedImage"/> or <see cref="RawImage"/>.</summary>
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
