using Grpc.Core;
using YMaskNet.Inference;
using YMaskNet.Inference.Results;
using YMaskNet.Server.Mapping;
using YMaskNet.Server.Models;
using YMaskNet.Server.Sessions;
using YMaskNet.Server.Transport;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Inspection;

/// <summary>ymasknet.v1.InspectionService.</summary>
internal sealed class InspectionService(EngineHost host, SessionFactory sessions) : InspectionServiceBase
{
    public override async Task<Wire.DetectResponse> Detect(Received<Wire.DetectRequest> received, ServerCallContext context)
    {
        using (received)
        {
            Wire.DetectRequest request = received.Message;
            InspectionModel model = host.Engine.GetModel(request.Model);
            InspectionResult result = await InspectAsync(model, RequestMapping.ToInspection(request), context);
            return ResponseMapping.ToDetectResponse(result, model);
        }
    }

    public override async Task<Wire.SegmentResponse> Segment(Received<Wire.SegmentRequest> received, ServerCallContext context)
    {
        using (received)
        {
            Wire.SegmentRequest request = received.Message;
            InspectionModel model = host.Engine.GetModel(request.Model);
            InspectionResult result = await InspectAsync(model, RequestMapping.ToInspection(request), context);
            return ResponseMapping.ToSegmentResponse(result, model);
        }
    }

    public override async Task<Wire.DetectAndSegmentResponse> DetectAndSegment(
        Received<Wire.DetectAndSegmentRequest> received, ServerCallContext context)
    {
        using (received)
        {
            Wire.DetectAndSegmentRequest request = received.Message;
            InspectionModel model = host.Engine.GetModel(request.Model);
            InspectionResult result = await InspectAsync(model, RequestMapping.ToInspection(request), context);
            return ResponseMapping.ToDetectAndSegmentResponse(result, model);
        }
    }

    public override Task InspectStream(
        IAsyncStreamReader<Received<Wire.InspectStreamRequest>> requestStream,
        IServerStreamWriter<Wire.InspectStreamResponse> responseStream,
        ServerCallContext context) =>
        sessions.RunAsync(requestStream, responseStream, context);

    private static ValueTask<InspectionResult> InspectAsync(InspectionModel model, InspectionRequest request, ServerCallContext context) =>
        model.InspectAsync(request with { Flow = ConnectionFlow.Of(context.GetHttpContext()) }, context.CancellationToken);
}
