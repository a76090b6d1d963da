using YMaskNet.Server.Hosting;
using YMaskNet.Server.Reflection;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace YMaskNet.Server.Health;

/// <summary>
/// The health of the server and of its services. The server listens only once all models are loaded and checked, so
/// what can be asked is serving until it is told to stop, or a model loses its device: then it has to be started again.
/// </summary>
/// <param name="descriptors">Which services there are.</param>
/// <param name="shutdown">When the server stops.</param>
/// <param name="deviceLost">Gives what ends when a model has lost its device; asked as long as the server does not stop.</param>
internal sealed class HealthStates(DescriptorIndex descriptors, ServerShutdown shutdown, Func<Task> deviceLost)
{
    /// <summary>The name of the server as a whole.</summary>
    public const string Overall = "";

    /// <summary>All names that have a state.</summary>
    public IEnumerable<string> Names => descriptors.Services.Prepend(Overall);

    /// <summary>Waits until the states change, which they do once.</summary>
    /// <exception cref="OperationCanceledException">The caller left first.</exception>
    public async Task WaitForChangeAsync(CancellationToken callerLeft)
    {
        using CancellationTokenSource ended = CancellationTokenSource.CreateLinkedTokenSource(callerLeft);
        await await Task.WhenAny(shutdown.WaitForStoppingAsync(ended.Token), deviceLost().WaitAsync(ended.Token));

        // The other one.
        await ended.CancelAsync();
    }

    /// <summary>The state of a service now; <see cref="ServingStatus.ServiceUnknown"/> when there is none of that name.</summary>
    public ServingStatus StateOf(string service)
    {
        if (!Names.Contains(service, StringComparer.Ordinal))
            return ServingStatus.ServiceUnknown;

        // The engine ends after the server has stopped.
        return shutdown.Stopping.IsCancellationRequested || deviceLost().IsCompleted
            ? ServingStatus.NotServing
            : ServingStatus.Serving;
    }
}
