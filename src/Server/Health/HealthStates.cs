using YMaskNet.Server.Hosting;
using YMaskNet.Server.Reflection;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace YMaskNet.Server.Health;

/// <summary>
/// The health of the server and of its services. The server listens only once all models are loaded and checked, so
/// what can be asked is serving until it is told to stop.
/// </summary>
internal sealed class HealthStates(DescriptorIndex descriptors, ServerShutdown shutdown)
{
    /// <summary>The name of the server as a whole.</summary>
    public const string Overall = "";

    /// <summary>All names that have a state.</summary>
    public IEnumerable<string> Names => descriptors.Services.Prepend(Overall);

    /// <summary>The state of a service now; <see cref="ServingStatus.ServiceUnknown"/> when there is none of that name.</summary>
    public ServingStatus StateOf(string service)
    {
        if (!Names.Contains(service, StringComparer.Ordinal))
            return ServingStatus.ServiceUnknown;

        return shutdown.Stopping.IsCancellationRequested ? ServingStatus.NotServing : ServingStatus.Serving;
    }
}
