using System.Net.Http.Headers;
using Grpc.Core;
using Microsoft.Extensions.Primitives;
using YMaskNet.Server.Errors;
using YMaskNet.Server.FileWatch;
using RichStatus = Google.Rpc.Status;

namespace YMaskNet.Server.Tokens;

/// <summary>
/// Refuses calls without a token that the server knows, before anything of their messages is read. Health may be asked by
/// anybody: what watches over servers has no token.
/// </summary>
internal sealed class TokenMiddleware(RequestDelegate next, WatchedFiles<AccessTokens> tokens, ILogger<TokenMiddleware> log)
{
    private const string Scheme = "Bearer";
    private static readonly PathString OpenToAll = "/grpc.health.v1.Health";

    public Task InvokeAsync(HttpContext context)
    {
        if (context.Request.Path.StartsWithSegments(OpenToAll, StringComparison.Ordinal)
            || WhyRefused(context.Request.Headers.Authorization) is not { } status)
            return next(context);

        RequestLog.Failed(log, context.Request.Path, status, error: null);
        if (GrpcResponse.IsToGrpc(context.Request))
        {
            GrpcResponse.End(context.Response, status);
        }
        else
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.Headers.WWWAuthenticate = Scheme;
        }

        return Task.CompletedTask;
    }

    private RichStatus? WhyRefused(StringValues authorization)
    {
        if (authorization.Count == 0)
            return Unauthenticated("The call carries no token; send one as 'authorization: Bearer TOKEN'.", ErrorReasons.TokenMissing);

        return authorization.Count == 1
            && AuthenticationHeaderValue.TryParse(authorization[0], out AuthenticationHeaderValue? header)
            && header.Scheme.Equals(Scheme, StringComparison.OrdinalIgnoreCase)
            && header.Parameter is { } token
            && tokens.Current.Contains(token)
                ? null
                : Unauthenticated("The call's token is not one of those that this server knows.", ErrorReasons.TokenInvalid);
    }

    private static RichStatus Unauthenticated(string message, string reason) =>
        ErrorTable.WithReason(StatusCode.Unauthenticated, message, reason);
}
