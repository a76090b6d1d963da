using Microsoft.Extensions.Logging;
using YMaskNet.Server.Errors;

namespace YMaskNet.Server.Tests.Errors;

public sealed class ErrorInterceptorTests
{
    private readonly LogRecorder _log = new();
    private readonly ErrorInterceptor _interceptor;

    public ErrorInterceptorTests()
    {
        LoggerFactory factory = new([_log]);
        _interceptor = new ErrorInterceptor(factory.CreateLogger<ErrorInterceptor>(), TimeProvider.System);
    }

    [Fact]
    public async Task UnaryServerHandler_UnexpectedException_InternalAndLoggedOnce()
    {
        DivideByZeroException error = new("a secret");

        Rejection rejection = await Rejection.OfAsync(() => CallAsync(error));

        Assert.Equal((StatusCode.Internal, "INTERNAL"), (rejection.Code, rejection.Reason));
        Assert.DoesNotContain("secret", rejection.Message, StringComparison.Ordinal);
        LogEntry entry = Assert.Single(_log.Entries);
        Assert.Equal((LogLevel.Error, 1000, error), (entry.Level, entry.EventId, entry.Exception));
    }

    [Fact]
    public async Task UnaryServerHandler_CallerCancels_CancelledAndNotAnError()
    {
        Rejection rejection = await Rejection.OfAsync(
            () => CallAsync(new OperationCanceledException(), cancellationToken: new CancellationToken(canceled: true)));

        Assert.Equal(StatusCode.Cancelled, rejection.Code);
        Assert.Equal(LogLevel.Debug, Assert.Single(_log.Entries).Level);
    }

    [Fact]
    public async Task UnaryServerHandler_DeadlinePassed_DeadlineExceededAndNotAnError()
    {
        Rejection rejection = await Rejection.OfAsync(() => CallAsync(
            new OperationCanceledException(), DateTime.UtcNow.AddSeconds(-1), new CancellationToken(canceled: true)));

        Assert.Equal(StatusCode.DeadlineExceeded, rejection.Code);
        Assert.Equal(LogLevel.Debug, Assert.Single(_log.Entries).Level);
    }

    [Fact]
    public async Task StreamingHandlers_UnexpectedException_Internal()
    {
        FakeCallContext context = new(DateTime.MaxValue, CancellationToken.None);
        MessageQueue<string> queue = new();

        Rejection serverStreaming = await Rejection.OfAsync(() => _interceptor.ServerStreamingServerHandler<string, string>(
            "", queue, context, (_, _, _) => throw new DivideByZeroException()));
        Rejection clientStreaming = await Rejection.OfAsync(() => _interceptor.ClientStreamingServerHandler<string, string>(
            queue, context, (_, _) => throw new DivideByZeroException()));
        Rejection duplex = await Rejection.OfAsync(() => _interceptor.DuplexStreamingServerHandler<string, string>(
            queue, queue, context, (_, _, _) => throw new DivideByZeroException()));

        Assert.Equal(
            (StatusCode.Internal, StatusCode.Internal, StatusCode.Internal), (serverStreaming.Code, clientStreaming.Code, duplex.Code));
    }

    [Fact]
    public async Task UnaryServerHandler_NoError_AnswerPassesThrough()
    {
        string answer = await _interceptor.UnaryServerHandler(
            "question", new FakeCallContext(DateTime.MaxValue, CancellationToken.None), (question, _) => Task.FromResult(question + "!"));

        Assert.Equal("question!", answer);
        Assert.Empty(_log.Entries);
    }

    private Task<string> CallAsync(Exception error, DateTime? deadline = null, CancellationToken cancellationToken = default) =>
        _interceptor.UnaryServerHandler<string, string>(
            "", new FakeCallContext(deadline ?? DateTime.MaxValue, cancellationToken), (_, _) => Task.FromException<string>(error));
}
