using System.Diagnostics;
using Grpc.Net.Client;

namespace YMaskNet.Server.Tests.Hosting;

public sealed class ServerProcessTests(SharedServer shared)
{
    private const string Quiet = "--Logging:Console:LogLevel:Default=None";

    [Fact]
    public async Task Run_GoodModels_ReadyLineServesAndStopsOnSigterm()
    {
        using TemporaryFolder models = new();
        TestModels.WriteYMaskNet(models.Path);
        using ServerRun server = ServerRun.Start("--models", models.Path, "--address", "http://127.0.0.1:0", Quiet);

        string ready = await server.ReadLineAsync();
        Assert.StartsWith("ymasknet: serving tiny-ymasknet/1 (CPUExecutionProvider, cpu) on http://127.0.0.1:", ready, StringComparison.Ordinal);
        using GrpcChannel channel = GrpcChannel.ForAddress(ready[ready.IndexOf("http", StringComparison.Ordinal)..]);
        Wire.DetectResponse response = await new Wire.InspectionService.InspectionServiceClient(channel)
            .DetectAsync(new Wire.DetectRequest { Image = Boards.Png });
        FoundBlobs.Check(response.Defects);

        using Process kill = Process.Start("kill", ["-TERM", server.Id.ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        (int exitCode, _, string error) = await server.EndAsync();

        Assert.Equal((0, ""), (exitCode, error));
    }

    [Fact]
    public async Task Run_PortInUse_OneLineAndExitCode5()
    {
        using TemporaryFolder models = new();
        TestModels.WriteYoloV5(models.Path);
        string address = shared.Server.Address.ToString().TrimEnd('/');

        string line = await FailAsync(5, "--models", models.Path, "--address", address);

        Assert.Equal($"ymasknet: {address} is in use by another program; choose another with --address", line);
    }

    [Fact]
    public async Task Run_AddressOfNoInterface_OneLineAndExitCode5()
    {
        using TemporaryFolder models = new();
        TestModels.WriteYoloV5(models.Path);

        string line = await FailAsync(5, "--models", models.Path, "--address", "http://192.0.2.1:5080");

        Assert.StartsWith("ymasknet: can't listen on http://192.0.2.1:5080: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_LocalhostPortInUse_OneLineAndExitCode5()
    {
        using TemporaryFolder models = new();
        TestModels.WriteYoloV5(models.Path);
        string address = $"http://localhost:{shared.Server.Address.Port}";

        string line = await FailAsync(5, "--models", models.Path, "--address", address);

        Assert.Contains(address, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_GpuThatIsNotThere_OneLineAndExitCode6()
    {
        using TemporaryFolder models = new();
        TestModels.WriteYoloV5(models.Path);

        // No machine has so many.
        string line = await FailAsync(6, "--models", models.Path, "--device", "cuda:4711");

        Assert.StartsWith("ymasknet: can't run on cuda:4711: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_NoModelsFolder_OneLineAndExitCode3()
    {
        using TemporaryFolder folder = new();
        string models = Path.Combine(folder.Path, "nowhere");

        string line = await FailAsync(3, "--models", models);

        Assert.Equal($"ymasknet: there is no models folder at {models}; name one with --models", line);
    }

    [Fact]
    public async Task Run_EmptyModelsFolder_OneLineAndExitCode4()
    {
        using TemporaryFolder models = new();

        string line = await FailAsync(4, "--models", models.Path);

        Assert.StartsWith($"ymasknet: {models.Path}: ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ModelFileChanged_OneLineThatNamesItAndExitCode4()
    {
        using TemporaryFolder models = new();
        string file = Path.Combine(TestModels.WriteYMaskNet(models.Path), "stage2.onnx");
        await File.AppendAllTextAsync(file, "x");

        string line = await FailAsync(4, "--models", models.Path);

        Assert.StartsWith($"ymasknet: {file}: ", line, StringComparison.Ordinal);
        Assert.Contains("SHA-256", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_ManifestWithoutOptionalValues_Serves()
    {
        using TemporaryFolder models = new();
        string manifest = Path.Combine(TestModels.WriteYoloV5(models.Path), "model.json");
        var json = System.Text.Json.Nodes.JsonNode.Parse(await File.ReadAllTextAsync(manifest))!.AsObject();
        Assert.True(json.Remove("provenance") && json.Remove("accuracy") && json.Remove("goldens"));
        await File.WriteAllTextAsync(manifest, json.ToJsonString());
        using ServerRun server = ServerRun.Start("--models", models.Path, "--address", "http://127.0.0.1:0", Quiet);

        string ready = await server.ReadLineAsync();

        using GrpcChannel channel = GrpcChannel.ForAddress(ready[ready.IndexOf("http", StringComparison.Ordinal)..]);
        Wire.GetModelResponse response = await new Wire.ModelService.ModelServiceClient(channel).GetModelAsync(new Wire.GetModelRequest());
        Assert.Empty(response.Model.Provenance);
        Assert.Empty(response.Model.Accuracy);
    }

    [Fact]
    public async Task Run_UnknownDefaultModel_OneLineAndExitCode4()
    {
        using TemporaryFolder models = new();
        TestModels.WriteYoloV5(models.Path);

        string line = await FailAsync(4, "--models", models.Path, "--default-model", "no-such-model");

        Assert.Contains("no-such-model", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_OptionOutOfRange_OneLineAndExitCode2()
    {
        string line = await FailAsync(2, "--lanes", "65");

        Assert.Equal("ymasknet: YMaskNet:Lanes is '65'; it must be a whole number from 0 to 64", line);
    }

    [Fact]
    public async Task Run_Help_PrintsTheOptions()
    {
        using ServerRun server = ServerRun.Start("--help");

        (int exitCode, string output, string error) = await server.EndAsync();

        Assert.Equal((0, ""), (exitCode, error));
        Assert.Contains("--models", output, StringComparison.Ordinal);
    }

    private static async Task<string> FailAsync(int expectedExitCode, params string[] arguments)
    {
        using ServerRun server = ServerRun.Start(arguments);
        (int exitCode, string output, string error) = await server.EndAsync();

        string[] lines = error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(exitCode == expectedExitCode && lines.Length == 1, $"exit code {exitCode}, standard error:\n{error}");
        Assert.DoesNotContain(" at YMaskNet.", output, StringComparison.Ordinal);
        return lines[0].TrimEnd('\r');
    }
}
