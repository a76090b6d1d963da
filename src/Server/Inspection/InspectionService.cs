using Grpc.Core;
using YMaskNet.Inference;
using YMaskNet.Inference.Results;
using YMaskNet.Server.Mapping;
using YMaskNet.Server.Models;
using YMaskNet.Server.Sessions;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Inspection;

/// <summary>ymasknet.v1.InspectionService.</summary>
internal sealed class InspectionService(EngineHost host, SessionFactory sessions) : Wire.InspectionService.InspectionServiceBase
{
    public override async Task<Wire.DetectResponse> Detect(Wire.DetectRequest request, ServerCallContext context)
    {
        InspectionModel model = host.Engine.GetModel(request.Model);
        InspectionResult result = await InspectAsync(model, RequestMapping.ToInspection(request), context);
        return ResponseMapping.ToDetectResponse(result, model);
    }

    public override async Task<Wire.SegmentResponse> Segment(Wire.SegmentRequest request, ServerCallContext context)
    {
        InspectionModel model = host.Engine.GetModel(request.Model);
        InspectionResult result = await InspectAsync(model, RequestMapping.ToInspection(request), context);
        return ResponseMapping.ToSegmentResponse(result, model);
    }

    public override async Task<Wire.DetectAndSegmentResponse> DetectAndSegment(
        Wire.DetectAndSegmentRequest request, ServerCallContext context)
    {
        InspectionModel model = host.Engine.GetModel(request.Model);
        InspectionResult result = await InspectAsync(model, RequestMapping.ToInspection(request), context);
        return ResponseMapping.ToDetectAndSegmentResponse(result, model);
    }

    public override Task InspectStream(
        IAsyncStreamReader<Wire.InspectStreamRequest> requestStream,
        IServerStreamWriter<Wire.InspectStreamResponse> responseStream,
        ServerCallContext context) =>
        sessions.RunAsync(requestStream, responseStream, context);

    private static Task<InspectionResult> InspectAsync(InspectionModel model, InspectionRequest request, ServerCallContext context) =>
        model.InspectAsync(request with { Flow = ConnectionFlow.Of(context.GetHttpContext()) }, context.CancellationToken);
}
