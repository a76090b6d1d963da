using System.Net.Sockets;
using System.Security.Authentication;
using Grpc.Core;

namespace YMaskNet.Client.Tests;

/// <summary>What the transport calls an internal error, and what callers are told.</summary>
public class RpcFailuresTests
{
    public static TheoryData<Exception> BrokenConnections =>
    [
        new HttpRequestException("The connection could not be made.", new AuthenticationException("Not believed.")),
        new HttpRequestException("The connection broke.", new IOException("Reset.", new SocketException((int)SocketError.ConnectionReset))),
        new HttpRequestException("The connection was given up.", new ObjectDisposedException("SslStream")),
        new HttpRequestException("The server did not complete the HTTP/2 handshake."),
    ];

    [Theory]
    [MemberData(nameof(BrokenConnections))]
    public void Translate_ConnectionThatBroke_Unavailable(Exception cause)
    {
        InspectionFailedException failure = RpcFailures.Translate(Failed(StatusCode.Internal, cause));

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.True(failure.IsRetryable, "A server that can't be reached may be reached later.");
    }

    [Theory]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.ResourceExhausted)]
    public void Translate_EndedForAReasonOfItsOwn_KeepsIt(StatusCode code) =>
        Assert.Equal(code, RpcFailures.Translate(Failed(code, new IOException("Reset."))).StatusCode);

    [Fact]
    public void Translate_AnswerThatBreaksHttp2sRules_Internal() => Assert.Equal(
        StatusCode.Internal,
        RpcFailures.Translate(Failed(
            StatusCode.Internal, new HttpRequestException("Bad answer.", new HttpProtocolException(1, "PROTOCOL_ERROR", null)))).StatusCode);

    [Fact]
    public void Translate_InternalErrorOfTheServer_Internal() =>
        Assert.Equal(StatusCode.Internal, RpcFailures.Translate(Failed(StatusCode.Internal, cause: null)).StatusCode);

    private static RpcException Failed(StatusCode code, Exception? cause) => new(new Status(code, "failed", cause));
}
