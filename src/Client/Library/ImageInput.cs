using Google.Protobuf;
using YMaskNet.V1;

namespace YMaskNet.Client;

/// <summary>
/// An image to inspect: an encoded file or the pixels of a camera buffer. The bytes are wrapped, not copied: they must
/// stay as they are until the call that sends them has ended. For pixels in shared memory see
/// <see cref="SharedMemorySlot.ToImage"/>.
/// </summary>
public sealed class ImageInput
{
    internal ImageInput(Image message) => Message = message;

    /// <summary>The image as it goes over the wire.</summary>
    public Image Message { get; }

    /// <summary>Reads a JPEG, PNG, TIFF, WebP or BMP file. The server recognises the format by its signature.</summary>
    /// <param name="path">The file.</param>
    /// <exception cref="IOException">The file can't be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static ImageInput FromFile(string path) => FromBytes(File.ReadAllBytes(path));

    /// <inheritdoc cref="FromFile"/>
    /// <param name="path">The file.</param>
    /// <param name="cancellationToken">Stops the reading.</param>
    public static async Task<ImageInput> FromFileAsync(string path, CancellationToken cancellationToken = default) =>
        FromBytes(await File.ReadAllBytesAsync(path, cancellationToken).ConfigureAwait(false));

    /// <summary>Takes the bytes of a JPEG, PNG, TIFF, WebP or BMP file.</summary>
    public static ImageInput FromBytes(ReadOnlyMemory<byte> encoded) =>
        new(new Image { Encoded = UnsafeByteOperations.UnsafeWrap(encoded) });

    /// <summary>Takes uncompressed pixels, row-major, top row first.</summary>
    /// <param name="pixels">At least <c>(height - 1) * stride</c> bytes and one row without padding; at most <c>height * stride</c>.</param>
    /// <param name="pixelFormat">Layout of a pixel, under its GenICam PFNC number.</param>
    /// <param name="width">Unit: pixels. Range: at least 1.</param>
    /// <param name="height">Unit: pixels. Range: at least 1.</param>
    /// <param name="stride">Bytes from one row's start to the next. Default: 0, no padding.</param>
    public static ImageInput FromRaw(ReadOnlyMemory<byte> pixels, PixelFormat pixelFormat, int width, int height, int stride = 0)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(width, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(height, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(stride);
        return new ImageInput(new Image
        {
            Raw = new RawImage
            {
                Data = UnsafeByteOperations.UnsafeWrap(pixels),
                PixelFormat = pixelFormat,
                Width = (uint)width,
                Height = (uint)height,
                Stride = (uint)stride,
            },
        });
    }

    /// <summary>The image as a frame of a session.</summary>
    /// <param name="frameId">The caller's id, given back with the answer.</param>
    /// <param name="rois">For <c>Segment</c> with an instance model: the boxes to outline.</param>
    public Frame ToFrame(ulong frameId, IEnumerable<RegionOfInterest>? rois = null)
    {
        Frame frame = new() { FrameId = frameId, Image = Message };
        if (rois is not null)
            frame.Rois.AddRange(rois);
        return frame;
    }
}
