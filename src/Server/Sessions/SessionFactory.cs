using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using YMaskNet.Inference;
using YMaskNet.Server.Errors;
using YMaskNet.Server.Hosting;
using YMaskNet.Server.Mapping;
using YMaskNet.Server.Models;
using YMaskNet.Server.Transport;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Sessions;

/// <summary>Opens sessions and runs them to their end.</summary>
internal sealed class SessionFactory(
    EngineHost host, ServerOptions options, ServerShutdown shutdown, TimeProvider time, ILogger<InspectionSession> log)
{
    // Fields of the opening are named from the message that the caller sent.
    private const string OpeningField = "opening";

    public async Task RunAsync(
        IAsyncStreamReader<Received<Wire.InspectStreamRequest>> requests,
        IServerStreamWriter<Wire.InspectStreamResponse> responses,
        ServerCallContext context)
    {
        Wire.SessionOpening opening = await ReadOpeningAsync(requests, context.CancellationToken);
        (InspectionModel model, SessionSettings settings) = Accept(opening);
        SessionLimits limits = SessionLimits.Of(
            settings.Policy, options.SessionFrames, settings.FramesAsked, model.InspectionsAtOnce, options.MaxResponseBytes);
        await responses.WriteAsync(
            new Wire.InspectStreamResponse
            {
                Opened = new Wire.SessionOpened
                {
                    Model = ModelMapping.ToReference(model),
                    MaxFramesInFlight = (uint)limits.FramesUnanswered,
                    ServerTime = Timestamp.FromDateTimeOffset(time.GetUtcNow()),
                },
            },
            context.CancellationToken);

        SessionLog.Opened(log, model.Manifest.Reference, settings.Task, settings.Policy, settings.Priority);
        InspectionSession session = new(settings, model.InspectAsync, limits, time, log);
        try
        {
            await session.RunAsync(requests, responses, context.CancellationToken, shutdown.Stopping);
        }
        finally
        {
            SessionLog.Closed(log, model.Manifest.Reference, session.AnsweredFrames);
        }
    }

    private async Task<Wire.SessionOpening> ReadOpeningAsync(
        IAsyncStreamReader<Received<Wire.InspectStreamRequest>> requests, CancellationToken callerLeft)
    {
        await foreach (Received<Wire.InspectStreamRequest> received in shutdown.ReadUntilStopping(requests, callerLeft))
        {
            // A first message with pixels is refused, whatever it is.
            received.Dispose();
            return received.Message.MessageCase switch
            {
                Wire.InspectStreamRequest.MessageOneofCase.Opening => received.Message.Opening,
                Wire.InspectStreamRequest.MessageOneofCase.Frame => throw SessionErrors.OpeningMissing(
                    "The first message of a session must be its opening, not a frame."),
                _ => throw SessionErrors.OpeningMissing("The first message of a session must be its opening; it is empty."),
            };
        }

        throw shutdown.Stopping.IsCancellationRequested
            ? SessionErrors.ServerStopping()
            : SessionErrors.OpeningMissing("The session ended without an opening.");
    }

    private (InspectionModel Model, SessionSettings Settings) Accept(Wire.SessionOpening opening)
    {
        try
        {
            InspectionModel model = host.Engine.GetModel(opening.Model);
            SessionSettings settings = SessionSettings.Read(opening);
            settings.Check(model);
            return (model, settings);
        }
        catch (InspectionException error) when (error.Field is not null)
        {
            throw error.Within(OpeningField);
        }
    }
}
