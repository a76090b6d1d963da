using Grpc.Core;
using Grpc.Health.V1;
using YMaskNet.Server.Errors;
using YMaskNet.Server.Hosting;
using HealthBase = Grpc.Health.V1.Health.HealthBase;
using ServingStatus = Grpc.Health.V1.HealthCheckResponse.Types.ServingStatus;

namespace YMaskNet.Server.Health;

/// <summary>grpc.health.v1.Health.</summary>
internal sealed class HealthService(HealthStates states, ServerShutdown shutdown) : HealthBase
{
    public override Task<HealthCheckResponse> Check(HealthCheckRequest request, ServerCallContext context)
    {
        ServingStatus state = states.StateOf(request.Service);
        return state == ServingStatus.ServiceUnknown
            ? throw ErrorTable.ToRpcException(
                ErrorTable.WithReason(StatusCode.NotFound, "There is no service of that name.", ErrorReasons.ServiceUnknown))
            : Task.FromResult(new HealthCheckResponse { Status = state });
    }

    public override Task<HealthListResponse> List(HealthListRequest request, ServerCallContext context)
    {
        HealthListResponse response = new();
        foreach (string name in states.Names)
            response.Statuses.Add(name, new HealthCheckResponse { Status = states.StateOf(name) });

        return Task.FromResult(response);
    }

    public override async Task Watch(
        HealthCheckRequest request, IServerStreamWriter<HealthCheckResponse> responseStream, ServerCallContext context)
    {
        ServingStatus first = states.StateOf(request.Service);
        await responseStream.WriteAsync(new HealthCheckResponse { Status = first }, context.CancellationToken);

        await states.WaitForChangeAsync(context.CancellationToken);

        ServingStatus last = states.StateOf(request.Service);
        if (last != first)
            await responseStream.WriteAsync(new HealthCheckResponse { Status = last }, context.CancellationToken);
        await shutdown.WaitForStoppingAsync(context.CancellationToken);
    }
}
