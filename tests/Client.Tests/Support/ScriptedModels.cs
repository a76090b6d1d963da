using Grpc.Core;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Support;

/// <summary>A model service that holds one model.</summary>
public sealed class ScriptedModels(Model model) : ModelService.ModelServiceBase
{
    public override Task<ListModelsResponse> ListModels(ListModelsRequest request, ServerCallContext context) =>
        Task.FromResult(new ListModelsResponse { Models = { model }, DefaultModel = Name });

    public override Task<GetModelResponse> GetModel(GetModelRequest request, ServerCallContext context) =>
        request.Model.Length == 0 || request.Model == model.Reference.Name || request.Model == Name
            ? Task.FromResult(new GetModelResponse { Model = model })
            : throw RpcErrors.Create(StatusCode.NotFound, "MODEL_NOT_FOUND", $"There is no model {request.Model}; there is: {Name}.", "model");

    private string Name => $"{model.Reference.Name}/{model.Reference.Version}";
}
