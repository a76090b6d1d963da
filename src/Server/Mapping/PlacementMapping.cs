using YMaskNet.Inference;
using YMaskNet.Inference.Placement;
using Wire = YMaskNet.V1;

namespace YMaskNet.Server.Mapping;

/// <summary>Where models run, as the wire describes it.</summary>
internal static class PlacementMapping
{
    public static Wire.GetPlacementResponse ToWire(InspectionModel model) => new()
    {
        Model = ModelMapping.ToReference(model),
        Networks = { model.Placement.Networks.Select(ToWire) },
        Operators = { model.Placement.Operators.Select(ToWire) },
    };

    private static Wire.NetworkPlacement ToWire(NetworkPlacement network) =>
        new() { Path = network.Path, Nodes = { network.Nodes.Select(ToWire) } };

    private static Wire.NodePlacement ToWire(NodePlacement node) =>
        new() { Name = node.Name, OperatorType = node.Operator, ExecutionProvider = node.ExecutionProvider };

    private static Wire.OperatorPlacement ToWire(OperatorPlacement placed) => new() { Operation = placed.Operator, Device = placed.Device };
}
