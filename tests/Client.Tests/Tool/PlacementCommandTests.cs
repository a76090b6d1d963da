using YMaskNet.Client.Tests.Support;

namespace YMaskNet.Client.Tests.Tool;

public class PlacementCommandTests
{
    [Fact]
    public async Task Placement_CountsNodesByProviderAndListsOperators()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(new ScriptedInspection());

        ToolRun run = await ToolRun.RunAsync("placement", "--server", server.Address.ToString());

        Assert.Equal(0, run.ExitCode);
        Assert.Equal("boards/3", run.OutLines[0]);
        Assert.Matches(@"(?m)stage1\.onnx\s+2 nodes\s+CUDAExecutionProvider", run.Out);
        Assert.Matches(@"(?m)stage1\.onnx\s+1 node\s+CPUExecutionProvider", run.Out);
        Assert.Matches(@"(?m)letterbox\s+cuda:0", run.Out);
        Assert.DoesNotContain("NonZero", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Placement_Nodes_NamesEach()
    {
        await using ScriptedServer server = await ScriptedServer.StartAsync(new ScriptedInspection());

        ToolRun run = await ToolRun.RunAsync("placement", "--nodes", "--server", server.Address.ToString());

        Assert.Matches(@"(?m)NonZero odd\s+CPUExecutionProvider", run.Out);
    }
}
