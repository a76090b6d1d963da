using Grpc.Core;
using YMaskNet.Inference;
using YMaskNet.Server.Mapping;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Models;

/// <summary>ymasknet.v1.ModelService.</summary>
internal sealed class ModelService(EngineHost host) : Wire.ModelService.ModelServiceBase
{
    public override Task<Wire.ListModelsResponse> ListModels(Wire.ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(new Wire.ListModelsResponse
        {
            Models = { host.Engine.Models.Select(ModelMapping.ToWire) },
            DefaultModel = host.Engine.DefaultModel.Manifest.Reference,
        });

    public override Task<Wire.GetModelResponse> GetModel(Wire.GetModelRequest request, ServerCallContext context)
    {
        InspectionModel model = host.Engine.GetModel(request.Model);
        return Task.FromResult(new Wire.GetModelResponse { Model = ModelMapping.ToWire(model) });
    }

    public override Task<Wire.GetPlacementResponse> GetPlacement(Wire.GetPlacementRequest request, ServerCallContext context) =>
        Task.FromResult(PlacementMapping.ToWire(host.Engine.GetModel(request.Model)));
}
