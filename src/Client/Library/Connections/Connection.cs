using System.Runtime.ExceptionServices;
using Grpc.Core;
using Grpc.Net.Client;

namespace YMaskNet.Client;

/// <summary>A client's channel, and how calls are made on it: with their headers, and again where that may help.</summary>
internal sealed class Connection : IDisposable
{
    private readonly CallHeaders _headers;
    private readonly RetryOptions _retry;

    private Connection(GrpcChannel channel, CallHeaders headers, RetryOptions retry)
    {
        Channel = channel;
        _headers = headers;
        _retry = retry;
    }

    public GrpcChannel Channel { get; }

    /// <summary>A connection to one server or several; it is set up by the first call.</summary>
    public static Connection Open(IReadOnlyList<Uri> addresses, InspectionClientOptions options)
    {
        options.Retry.Check();
        ServerTarget target = ServerTarget.Of(addresses, options.Tls is not null);
        CallHeaders headers = CallHeaders.Of(options, target);
        return new Connection(ChannelFactory.Create(target, options), headers, options.Retry);
    }

    /// <summary>Makes a call until it succeeds or must not be tried again.</summary>
    /// <param name="call">Makes it once, with the options that it gets.</param>
    /// <param name="timeout">What all tries together may take; <see langword="null"/>: there is no limit.</param>
    /// <param name="mayRepeat">Whether it can be made twice.</param>
    /// <param name="cancellationToken">The caller's own.</param>
    /// <exception cref="InspectionFailedException">How the last try failed.</exception>
    public async Task<T> CallAsync<T>(
        Func<CallOptions, Task<T>> call, TimeSpan? timeout, bool mayRepeat, CancellationToken cancellationToken)
    {
        DateTime? deadline = DateTime.UtcNow + timeout;
        Attempts attempts = new(_retry, deadline, TimeProvider.System, Random.Shared.NextDouble);
        while (true)
        {
            Metadata headers = await _headers.CreateAsync(cancellationToken).ConfigureAwait(false);
            Exception failure;
            try
            {
                return await call(new CallOptions(headers, deadline, cancellationToken)).ConfigureAwait(false);
            }
            catch (RpcException exception)
            {
                failure = RpcFailures.Translate(exception, cancellationToken);
            }
            catch (InspectionFailedException exception)
            {
                failure = exception;
            }

            TimeSpan? delay = mayRepeat && failure is InspectionFailedException passing ? attempts.DelayAfter(passing) : null;
            if (delay is null)
                ExceptionDispatchInfo.Throw(failure);
            await Task.Delay(delay.Value, cancellationToken).ConfigureAwait(false);
        }
    }

    public void Dispose() => Channel.Dispose();
}
