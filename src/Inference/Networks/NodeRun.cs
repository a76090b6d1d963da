namespace YMaskNet.Inference.Networks;

/// <summary>One run of a network's node, as ONNX Runtime's profile tells it.</summary>
/// <param name="Name">ONNX Runtime's name of the node, unique in its network.</param>
/// <param name="Operator">Its operator, for example <c>Conv</c>.</param>
/// <param name="ExecutionProvider">The execution provider that ran it.</param>
/// <param name="Time">How long it kept the host.</param>
internal readonly record struct NodeRun(string Name, string Operator, string ExecutionProvider, TimeSpan Time);
