using System.Buffers;

namespace YMaskNet.Inference.Frames;

/// <summary>
/// Checks images in shared memory and makes frames of them, as <see cref="RawFrameReader"/> does of raw images. The frame
/// holds its slot until it is disposed of.
/// </summary>
/// <remarks>
/// A caller may write to the pixels while they are read. Nothing but samples is read from shared memory, and no sample
/// decides more than the value of a pixel: what is written meanwhile makes wrong pixels and nothing worse.
/// </remarks>
internal static class SharedFrameReader
{
    private const string Field = "image.shared";
    private const string RawField = "image.raw";

    /// <summary>Makes a frame of an image in shared memory.</summary>
    /// <exception cref="InspectionException">There is no such memory, or the image contradicts itself, the slot or the limits.</exception>
    public static Frame Read(SharedImage image, ISharedMemory? memory, FrameLimits limits)
    {
        if (memory is null)
        {
            throw new InspectionException(
                InspectionErrorKind.FailedPrecondition, "SHARED_MEMORY_OFF", "This server leases no shared memory.", Field);
        }

        IMemoryOwner<byte> slot = memory.Hold(image.LeaseId.Span, image.Slot);
        try
        {
            Frame frame = ReadRaw(image, slot.Memory, limits);
            frame.Lender = slot;
            return frame;
        }
        catch (InspectionException error) when (error.Field is { } field && field.StartsWith(RawField, StringComparison.Ordinal))
        {
            slot.Dispose();
            throw new InspectionException(error.Kind, error.Reason, error.Message, Field + field[RawField.Length..], error);
        }
        catch
        {
            slot.Dispose();
            throw;
        }
    }

    private static Frame ReadRaw(SharedImage image, ReadOnlyMemory<byte> slot, FrameLimits limits)
    {
        RawLayout layout = RawLayout.Of(image.Format);
        RawImage raw = new(Pixels(image, layout, slot), image.Format, image.Width, image.Height, image.Stride);
        return RawFrameReader.Read(raw, limits);
    }

    /// <summary>The image's part of the slot. What is wrong with the image itself is left to the reader of raw images.</summary>
    private static ReadOnlyMemory<byte> Pixels(SharedImage image, in RawLayout layout, ReadOnlyMemory<byte> slot)
    {
        // A stride of its own can have 33 bits, its product with a height 64: more than a long holds.
        long height = Math.Max(0, image.Height);
        long rowBytes = (long)Math.Max(0, image.Width) * layout.BytesPerPixel;
        long stride = image.Stride == 0 ? rowBytes : Math.Max(0, image.Stride);
        Int128 least = ((Int128)Math.Max(0, height - 1) * stride) + rowBytes;
        if (image.Offset > (ulong)slot.Length || least > slot.Length - (long)image.Offset)
        {
            throw new InspectionException(
                InspectionErrorKind.InvalidArgument,
                "SHARED_IMAGE_OUT_OF_SLOT",
                $"{image.Width} x {image.Height} {image.Format} pixels with a stride of {stride} need {least} bytes from byte {image.Offset} on;"
                + $" the slot has {slot.Length}.",
                $"{Field}.offset");
        }

        if (layout.MaxSample > byte.MaxValue && image.Offset % sizeof(ushort) != 0)
        {
            throw new InspectionException(
                InspectionErrorKind.InvalidArgument,
                "SHARED_OFFSET_MISALIGNED",
                $"The offset is {image.Offset}; {image.Format} samples have 2 bytes, so that it must be even.",
                $"{Field}.offset");
        }

        return slot.Slice((int)image.Offset, (int)least);
    }
}
