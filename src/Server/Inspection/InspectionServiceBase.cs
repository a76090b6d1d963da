using Grpc.Core;
using YMaskNet.Server.Transport;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Inspection;

/// <summary>
/// ymasknet.v1.InspectionService as the generated base class has it, but for requests whose pixels are in pooled memory:
/// the handler disposes of them.
/// </summary>
[BindServiceMethod(typeof(InspectionBinding), nameof(InspectionBinding.BindService))]
internal abstract class InspectionServiceBase
{
    public abstract Task<Wire.DetectResponse> Detect(Received<Wire.DetectRequest> received, ServerCallContext context);

    public abstract Task<Wire.SegmentResponse> Segment(Received<Wire.SegmentRequest> received, ServerCallContext context);

    public abstract Task<Wire.DetectAndSegmentResponse> DetectAndSegment(
        Received<Wire.DetectAndSegmentRequest> received, ServerCallContext context);

    public abstract Task InspectStream(
        IAsyncStreamReader<Received<Wire.InspectStreamRequest>> requestStream,
        IServerStreamWriter<Wire.InspectStreamResponse> responseStream,
        ServerCallContext context);
}
