namespace YMaskNet.Server.Tests.Support;

/// <summary>A caller's side of InspectStream.</summary>
internal sealed class TestSession(AsyncDuplexStreamingCall<Wire.InspectStreamRequest, Wire.InspectStreamResponse> call) : IDisposable
{
    public static TestSession Start(
        TestServer server, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        new(server.Inspection.InspectStream(deadline: deadline, cancellationToken: cancellationToken));

    /// <summary>Starts a session and opens it.</summary>
    public static async Task<TestSession> OpenAsync(
        TestServer server, Wire.SessionOpening opening, CancellationToken cancellationToken = default)
    {
        TestSession session = Start(server, cancellationToken: cancellationToken);
        await session.SendAsync(new Wire.InspectStreamRequest { Opening = opening });
        Wire.InspectStreamResponse? response = await session.ReceiveAsync();
        session.Opened = response?.Opened ?? throw new InvalidOperationException("The session was not opened.");
        return session;
    }

    public Wire.SessionOpened Opened { get; private set; } = new();

    public Task SendAsync(Wire.InspectStreamRequest message) => call.RequestStream.WriteAsync(message);

    public Task SendFrameAsync(ulong id, Wire.Image? image, params Wire.RegionOfInterest[] rois) =>
        SendAsync(new Wire.InspectStreamRequest { Frame = new Wire.Frame { FrameId = id, Image = image, Rois = { rois } } });

    public Task EndAsync() => call.RequestStream.CompleteAsync();

    /// <summary>The next message; <see langword="null"/> at the end of a session that ended well.</summary>
    public async Task<Wire.InspectStreamResponse?> ReceiveAsync() =>
        await call.ResponseStream.MoveNext(CancellationToken.None) ? call.ResponseStream.Current : null;

    /// <summary>The next message, which must be the answer to a frame.</summary>
    public async Task<Wire.FrameResult> ReceiveResultAsync() =>
        (await ReceiveAsync())?.Result ?? throw new InvalidOperationException("No frame was answered.");

    /// <summary>All answers to the end of the session.</summary>
    public async Task<List<Wire.FrameResult>> ReceiveAllAsync()
    {
        List<Wire.FrameResult> results = [];
        while (await ReceiveAsync() is { } response)
            results.Add(response.Result);

        return results;
    }

    public void Dispose() => call.Dispose();
}
