using YMaskNet.Inference.Networks;

namespace YMaskNet.Inference.Tests.Networks;

public sealed class NetworkProfileTests : IDisposable
{
    // As ONNX Runtime writes it: runs and sessions beside nodes, and of a node also the times of its fences.
    private const string Profile = """
        [
        {"cat" : "Session","pid" :7,"tid" :7,"dur" :812,"ts" :3,"ph" : "X","name" :"model_loading_array","args" : {}},
        {"cat" : "Node","pid" :7,"tid" :7,"dur" :0,"ts" :900,"ph" : "X","name" :"stem/Conv_fence_before","args" : {"op_name" : "Conv"}},
        {"cat" : "Node","pid" :7,"tid" :7,"dur" :41,"ts" :901,"ph" : "X","name" :"stem/Conv_kernel_time","args" : {"op_name" : "Conv","provider" : "CUDAExecutionProvider","node_index" : "4"}},
        {"cat" : "Node","pid" :7,"tid" :7,"dur" :5,"ts" :950,"ph" : "X","name" :"Memcpy_kernel_time","args" : {"op_name" : "MemcpyToHost","provider" : "CUDAExecutionProvider","node_index" : "9"}},
        {"cat" : "Node","pid" :7,"tid" :7,"dur" :3,"ts" :960,"ph" : "X","name" :"heads/NonZero_kernel_time","args" : {"op_name" : "NonZero","provider" : "CPUExecutionProvider","node_index" : "7"}},
        {"cat" : "Session","pid" :7,"tid" :7,"dur" :100,"ts" :890,"ph" : "X","name" :"model_run","args" : {}}
        ]
        """;

    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Fact]
    public void Read_RunsOfNodes_InTheirOrderWithTheirProviders()
    {
        File.WriteAllText(_file, Profile);

        Assert.Equal(
            [
                new NodeRun("stem/Conv", "Conv", "CUDAExecutionProvider", TimeSpan.FromMicroseconds(41)),
                new NodeRun("Memcpy", "MemcpyToHost", "CUDAExecutionProvider", TimeSpan.FromMicroseconds(5)),
                new NodeRun("heads/NonZero", "NonZero", "CPUExecutionProvider", TimeSpan.FromMicroseconds(3)),
            ],
            NetworkProfile.Read(_file));
    }
}
