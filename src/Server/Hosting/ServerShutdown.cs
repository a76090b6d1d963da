using System.Runtime.CompilerServices;
using Grpc.Core;

namespace YMaskNet.Server.Hosting;

/// <summary>Tells open calls that the server has been asked to stop, so that they end instead of holding it up.</summary>
internal sealed class ServerShutdown(IHostApplicationLifetime lifetime)
{
    /// <summary>Cancelled when the server is asked to stop.</summary>
    public CancellationToken Stopping => lifetime.ApplicationStopping;

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
