using Google.Protobuf;
using Google.Rpc;
using YMaskNet.Inference;
using YMaskNet.Server.Errors;
using RichStatus = Google.Rpc.Status;

namespace YMaskNet.Server.Tests.Errors;

public sealed class ErrorTableTests
{
    [Theory]
    [InlineData(InspectionErrorKind.InvalidArgument, StatusCode.InvalidArgument)]
    [InlineData(InspectionErrorKind.NotFound, StatusCode.NotFound)]
    [InlineData(InspectionErrorKind.FailedPrecondition, StatusCode.FailedPrecondition)]
    [InlineData(InspectionErrorKind.ResourceExhausted, StatusCode.ResourceExhausted)]
    [InlineData(InspectionErrorKind.Unavailable, StatusCode.Unavailable)]
    public void StatusOf_InspectionException_CodeReasonAndField(InspectionErrorKind kind, StatusCode expected)
    {
        RichStatus status = Of(new InspectionException(kind, "SOME_REASON", "What is wrong.", "a.field"));

        Assert.Equal((expected, "What is wrong."), ((StatusCode)status.Code, status.Message));
        ErrorInfo info = ErrorTable.InfoOf(status)!;
        Assert.Equal(("SOME_REASON", "ymasknet", "a.field"), (info.Reason, info.Domain, info.Metadata["field"]));
    }

    [Fact]
    public void CodeOf_EveryKind_HasARowOfItsOwn()
    {
        StatusCode[] codes = [.. Enum.GetValues<InspectionErrorKind>().Select(kind => (StatusCode)Of(new InspectionException(kind, "R", "m")).Code)];

        Assert.Equal(codes.Distinct(), codes);
        Assert.DoesNotContain(StatusCode.Internal, codes);
    }

    [Fact]
    public void StatusOf_NoField_NoMetadataAndNoViolation()
    {
        RichStatus status = Of(new InspectionException(InspectionErrorKind.InvalidArgument, "SOME_REASON", "What is wrong."));

        Assert.Single(status.Details);
        Assert.Empty(ErrorTable.InfoOf(status)!.Metadata);
    }

    [Theory]
    [InlineData(true, true, StatusCode.DeadlineExceeded)]
    [InlineData(true, false, StatusCode.Cancelled)]
    [InlineData(false, false, StatusCode.Internal)]
    public void StatusOf_Cancellation_DependsOnWhoCancelled(bool callerLeft, bool deadlinePassed, StatusCode expected)
    {
        RichStatus status = ErrorTable.StatusOf(new OperationCanceledException(), callerLeft, deadlinePassed);

        Assert.Equal(expected, (StatusCode)status.Code);
    }

    [Fact]
    public void StatusOf_BugAfterTheCallerLeft_StillInternal()
    {
        RichStatus status = ErrorTable.StatusOf(new NullReferenceException(), callerLeft: true, deadlinePassed: false);

        Assert.Equal(StatusCode.Internal, (StatusCode)status.Code);
    }

    [Fact]
    public void StatusOf_UnexpectedException_NothingLeaks()
    {
        RichStatus status = Of(new DivideByZeroException("a secret"));

        Assert.Equal((StatusCode.Internal, "INTERNAL"), ((StatusCode)status.Code, ErrorTable.InfoOf(status)!.Reason));
        Assert.DoesNotContain("secret", status.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void ToRpcException_AndBack_TheSameStatus()
    {
        RichStatus status = Of(new InspectionException(InspectionErrorKind.InvalidArgument, "SOME_REASON", "What is wrong: é.", "a.field"));

        RichStatus again = Of(ErrorTable.ToRpcException(status));

        Assert.Equal(status, again);
    }

    [Fact]
    public void StatusOf_MalformedMessage_InvalidArgument()
    {
        InvalidProtocolBufferException error =
            Assert.Throws<InvalidProtocolBufferException>(() => Wire.DetectRequest.Parser.ParseFrom([0xff, 0xff]));

        Assert.Equal(StatusCode.InvalidArgument, (StatusCode)Of(error).Code);
    }

    private static RichStatus Of(Exception error) => ErrorTable.StatusOf(error, callerLeft: false, deadlinePassed: false);
}
