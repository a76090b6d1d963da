using YMaskNet.Imaging;
using YMaskNet.Inference.Frames;

namespace YMaskNet.Inference.Tests.Frames;

public sealed class FrameDecoderTests
{
    private static readonly byte[] Png = PngEncoder.EncodeRgb8([1, 2, 3, 4, 5, 6], width: 2, height: 1);

    [Fact]
    public void Decode_File_GivesItsPixels()
    {
        using Frame frame = FrameDecoder.Decode(new EncodedImage(Png), new FrameLimits(), sharedMemory: null, CancellationToken.None);

        Assert.Equal((2, 1, 3, 8, 255), (frame.Width, frame.Height, frame.Channels, frame.BitsPerSample, frame.MaxSample));
        Assert.Equal([1, 2, 3, 4, 5, 6], frame.Row8(0).ToArray());
    }

    [Fact]
    public void Decode_NoImage_IsMissing()
    {
        InspectionException error = Refused(null);

        Assert.Equal((InspectionErrorKind.InvalidArgument, "IMAGE_MISSING", "image"), (error.Kind, error.Reason, error.Field));
    }

    public static TheoryData<string, byte[]> BadFiles => new()
    {
        { "IMAGE_EMPTY", [] },
        { "IMAGE_FORMAT_UNKNOWN", [1, 2, 3, 4] },
        { "IMAGE_TRUNCATED", Png[..^20] },
        { "IMAGE_DAMAGED", [.. Png[..^20], 0xFF, 0xFF, .. Png[^18..]] },
    };

    [Theory]
    [MemberData(nameof(BadFiles))]
    public void Decode_BadFile_IsInvalidAndNamesTheField(string reason, byte[] file)
    {
        InspectionException error = Refused(new EncodedImage(file));

        Assert.Equal((InspectionErrorKind.InvalidArgument, reason, "image.encoded"), (error.Kind, error.Reason, error.Field));
    }

    [Fact]
    public void Decode_LargerThanTheLimits_IsTooLarge()
    {
        InspectionException error = Refused(new EncodedImage(Png), new FrameLimits { MaxSide = 1 });

        Assert.Equal((InspectionErrorKind.ResourceExhausted, "IMAGE_TOO_LARGE", "image.encoded"), (error.Kind, error.Reason, error.Field));
    }

    private static InspectionException Refused(ImageSource? source, FrameLimits? limits = null) =>
        Assert.Throws<InspectionException>(
            () => FrameDecoder.Decode(source, limits ?? new FrameLimits(), sharedMemory: null, CancellationToken.None).Dispose());
}
