using System.Runtime.CompilerServices;
using Grpc.Core;

namespace YMaskNet.Server.Hosting;

/// <summary>
/// Tells open calls that the server has been asked to stop, so that they end instead of holding it up, and lets them end before
/// the listener stops: a connection that closes at once behind a call's end may take its status with it.
/// </summary>
internal sealed class ServerShutdown : IHostedLifecycleService, IDisposable
{
    // A call's status is written when its handler has returned.
    private static readonly TimeSpan TimeToWrite = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _gate = new();
    private int _calls;

    public ServerShutdown(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.Register(_stopping.Cancel);

    /// <summary>Cancelled when the server is asked to stop.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Runs a call, so that the listener stops after it.</summary>
    public async Task RunAsync(HttpContext context, RequestDelegate call)
    {
        bool isAwaited = Enter();
        try
        {
            await call(context);
        }
        finally
        {
            if (isAwaited)
                Leave();
        }
    }

    /// <summary>Asks the open calls to end and waits until they have, as long as the host waits.</summary>
    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        bool isIdle;
        lock (_gate)
            isIdle = _calls == 0;
        await _stopping.CancelAsync();
        if (isIdle)
            return;
        lock (_gate)
        {
            if (_calls == 0)
                _ended.TrySetResult();
        }

        try
        {
            await _ended.Task.WaitAsync(cancellationToken);
            await Task.Delay(TimeToWrite, cancellationToken);
        }
        catch (OperationCanceledException)
        {
            // The listener's own stop ends what is left.
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

    /// <summary>Waits until the server is asked to stop.</summary>
    /// <exception cref="OperationCanceledException">The caller left first.</exception>
    public async Task WaitForStoppingAsync(CancellationToken callerLeft)
    {
        TaskCompletionSource stopping = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = Stopping.Register(stopping.SetResult);
        await stopping.Task.WaitAsync(callerLeft);
    }

    /// <summary>Reads a caller's stream to its end, or until the server is asked to stop.</summary>
    public async IAsyncEnumerable<T> ReadUntilStopping<T>(
        IAsyncStreamReader<T> requests, [EnumeratorCancellation] CancellationToken callerLeft)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(callerLeft, Stopping);
        while (await MoveNextAsync(requests, ended.Token))
            yield return requests.Current;
    }

    // Calls that begin while the server stops are not waited for: there may always be another.
    private bool Enter()
    {
        lock (_gate)
        {
            if (_stopping.IsCancellationRequested)
                return false;
            _calls++;
            return true;
        }
    }

    private void Leave()
    {
        lock (_gate)
        {
            if (--_calls == 0 && _stopping.IsCancellationRequested)
                _ended.TrySetResult();
        }
    }

    private async Task<bool> MoveNextAsync<T>(IAsyncStreamReader<T> requests, CancellationToken ended)
    {
        try
        {
            return await requests.MoveNext(ended);
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested)
        {
            return false;
        }
    }
}
