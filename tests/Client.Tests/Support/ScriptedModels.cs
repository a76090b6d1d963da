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

    public override Task<GetPlacementResponse> GetPlacement(GetPlacementRequest request, ServerCallContext context) =>
        Task.FromResult(new GetPlacementResponse
        {
            Model = model.Reference,
            Networks =
            {
                new NetworkPlacement
                {
                    Path = "stage1.onnx",
                    Nodes =
                    {
                        new NodePlacement { Name = "stem", OperatorType = "Conv", ExecutionProvider = "CUDAExecutionProvider" },
                        new NodePlacement { Name = "neck", OperatorType = "Conv", ExecutionProvider = "CUDAExecutionProvider" },
                        new NodePlacement { Name = "odd", OperatorType = "NonZero", ExecutionProvider = "CPUExecutionProvider" },
                    },
                },
            },
            Operators = { new OperatorPlacement { Operation = "letterbox", Device = "cuda:0" } },
        });

    private string Name => $"{model.Reference.Name}/{model.Reference.Version}";
}
