using Google.Protobuf;
using Grpc.Core;
using YMaskNet.Server.Transport;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Inspection;

/// <summary>
/// Binds the inspection service's methods as the generated code would, except that requests are read with their pixels in
/// pooled memory. Answers are written by protobuf itself, into the connection's memory.
/// </summary>
internal static class InspectionBinding
{
    private static readonly Method<Received<Wire.DetectRequest>, Wire.DetectResponse> Detect = Describe(
        nameof(InspectionServiceBase.Detect),
        new PixelReader<Wire.DetectRequest>(Wire.DetectRequest.Parser, request => request.Image, Wire.DetectRequest.ImageFieldNumber),
        Wire.DetectResponse.Parser);

    private static readonly Method<Received<Wire.SegmentRequest>, Wire.SegmentResponse> Segment = Describe(
        nameof(InspectionServiceBase.Segment),
        new PixelReader<Wire.SegmentRequest>(Wire.SegmentRequest.Parser, request => request.Image, Wire.SegmentRequest.ImageFieldNumber),
        Wire.SegmentResponse.Parser);

    private static readonly Method<Received<Wire.DetectAndSegmentRequest>, Wire.DetectAndSegmentResponse> DetectAndSegment = Describe(
        nameof(InspectionServiceBase.DetectAndSegment),
        new PixelReader<Wire.DetectAndSegmentRequest>(
            Wire.DetectAndSegmentRequest.Parser, request => request.Image, Wire.DetectAndSegmentRequest.ImageFieldNumber),
        Wire.DetectAndSegmentResponse.Parser);

    private static readonly Method<Received<Wire.InspectStreamRequest>, Wire.InspectStreamResponse> InspectStream = Describe(
        nameof(InspectionServiceBase.InspectStream),
        new PixelReader<Wire.InspectStreamRequest>(
            Wire.InspectStreamRequest.Parser,
            request => request.Frame?.Image,
            Wire.InspectStreamRequest.FrameFieldNumber,
            Wire.Frame.ImageFieldNumber),
        Wire.InspectStreamResponse.Parser,
        MethodType.DuplexStreaming);

    /// <summary>Called by gRPC, which finds the handlers by their methods' names.</summary>
    public static void BindService(ServiceBinderBase binder, InspectionServiceBase? service)
    {
        binder.AddMethod(Detect, service is null ? null : service.Detect);
        binder.AddMethod(Segment, service is null ? null : service.Segment);
        binder.AddMethod(DetectAndSegment, service is null ? null : service.DetectAndSegment);
        binder.AddMethod(InspectStream, service is null ? null : service.InspectStream);
    }

    private static Method<Received<TRequest>, TResponse> Describe<TRequest, TResponse>(
        string name, PixelReader<TRequest> reader, MessageParser<TResponse> parser, MethodType type = MethodType.Unary)
        where TRequest : class, IMessage<TRequest>
        where TResponse : class, IMessage<TResponse> =>
        new(
            type,
            Wire.InspectionService.Descriptor.FullName,
            name,
            Marshallers.Create<Received<TRequest>>(
                (_, _) => throw new NotSupportedException("The server reads requests and writes none."),
                context => reader.Read(context.PayloadAsReadOnlySequence())),
            Marshallers.Create(Write, context => parser.ParseFrom(context.PayloadAsReadOnlySequence())));

    private static void Write<TResponse>(TResponse response, SerializationContext context)
        where TResponse : class, IMessage<TResponse>
    {
        context.SetPayloadLength(response.CalculateSize());
        response.WriteTo(context.GetBufferWriter());
        context.Complete();
    }
}
