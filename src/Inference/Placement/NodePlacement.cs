namespace YMaskNet.Inference.Placement;

/// <summary>A node of a network as ONNX Runtime runs it: after its optimisation, which joins nodes and adds copies.</summary>
/// <param name="Name">ONNX Runtime's name of it.</param>
/// <param name="Operator">Its operator, for example <c>Conv</c> or <c>MemcpyToHost</c>.</param>
/// <param name="ExecutionProvider">The execution provider that ran it.</param>
public readonly record struct NodePlacement(string Name, string Operator, string ExecutionProvider);
