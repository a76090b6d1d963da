using Grpc.Core;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Support;

/// <summary>An inspection service that answers as a test says.</summary>
public sealed class ScriptedInspection : InspectionService.InspectionServiceBase
{
    public Func<DetectRequest, ServerCallContext, Task<DetectResponse>>? OnDetect { get; set; }

    public Func<SegmentRequest, ServerCallContext, Task<SegmentResponse>>? OnSegment { get; set; }

    public Func<DetectAndSegmentRequest, ServerCallContext, Task<DetectAndSegmentResponse>>? OnDetectAndSegment { get; set; }

    public Func<IAsyncStreamReader<InspectStreamRequest>, IServerStreamWriter<InspectStreamResponse>, ServerCallContext, Task>? OnStream { get; set; }

    public override Task<DetectResponse> Detect(DetectRequest request, ServerCallContext context) =>
        (OnDetect ?? throw NotInScript())(request, context);

    public override Task<SegmentResponse> Segment(SegmentRequest request, ServerCallContext context) =>
        (OnSegment ?? throw NotInScript())(request, context);

    public override Task<DetectAndSegmentResponse> DetectAndSegment(DetectAndSegmentRequest request, ServerCallContext context) =>
        (OnDetectAndSegment ?? throw NotInScript())(request, context);

    public override Task InspectStream(
        IAsyncStreamReader<InspectStreamRequest> requestStream,
        IServerStreamWriter<InspectStreamResponse> responseStream,
        ServerCallContext context) =>
        (OnStream ?? throw NotInScript())(requestStream, responseStream, context);

    private static RpcException NotInScript() => new(new Status(StatusCode.Unimplemented, "not in the test's script"));
}
