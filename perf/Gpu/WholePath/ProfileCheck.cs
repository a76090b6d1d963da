using YMaskNet.Inference;
using YMaskNet.Inference.Models;

namespace YMaskNet.Perf.Gpu.WholePath;

/// <summary>Looks into ONNX Runtime's own profiles: whether it copies between host and device, and whether any node runs elsewhere.</summary>
internal static class ProfileCheck
{
    /// <summary>Inspects an image with every model, and reads what the sessions wrote when they ended.</summary>
    /// <param name="setup">The models, images and device.</param>
    /// <param name="executionProvider">ONNX Runtime's name of the provider that has to run every node.</param>
    /// <param name="cancellationToken">Ends the check.</param>
    public static async Task<IReadOnlyList<ProfileVerdict>> RunAsync(PathSetup setup, string executionProvider, CancellationToken cancellationToken)
    {
        string folder = Directory.CreateTempSubdirectory("ymasknet-gpu-check-").FullName;
        try
        {
            PathSetup profiled = setup with { Gpus = setup.Gpus with { Networks = new ProfilingNetworkProvider(setup.Gpus.Networks, folder) } };
            string[] networks;
            await using (InspectionEngine engine = await profiled.StartOnGpuAsync(maxBatch: 1, gathersBatches: false, cancellationToken))
            {
                // Each lane makes the first network's session, then the second's.
                networks = [.. engine.Models.SelectMany(model => NetworksOf(model.Manifest))];
                foreach (InspectionModel model in engine.Models)
                    await model.InspectAsync(new InspectionRequest(setup.Images[0].Image, PathSetup.MainTask(model.Manifest)), cancellationToken);
            }

            string[] files = [.. Directory.GetFiles(folder).Order(StringComparer.Ordinal)];
            if (files.Length != networks.Length)
                throw new InvalidDataException($"ONNX Runtime wrote {files.Length} profiles for {networks.Length} networks.");
            return [.. networks.Zip(files, (network, file) => Judge(network, NetworkProfile.Read(file), executionProvider))];
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>What a profile means.</summary>
    public static ProfileVerdict Judge(string network, NetworkProfile profile, string executionProvider)
    {
        List<string> failures = [];
        if (profile.CopyNodes.Count > 0)
        {
            failures.Add($"{network}: ONNX Runtime copies between host and device in {profile.CopyNodes.Count} nodes ({string.Join(", ", profile.CopyNodes)}):"
                + " look at which of their neighbours the GPU's provider does not run");
        }

        string[] elsewhere = [.. profile.Providers.Where(entry => entry.Key != executionProvider).Select(entry => $"{entry.Value} on {entry.Key}")];
        if (elsewhere.Length > 0)
            failures.Add($"{network}: not all nodes run on {executionProvider}: {string.Join(", ", elsewhere)}");
        return new ProfileVerdict(network, profile.Nodes, profile.CopyNodes.Count, failures);
    }

    private static IEnumerable<string> NetworksOf(ModelManifest manifest)
    {
        yield return $"{manifest.Reference} {ModelFileRole.Stage1}";
        if (manifest.Regions is not null)
            yield return $"{manifest.Reference} {ModelFileRole.Stage2}";
    }
}

/// <summary>What ONNX Runtime's profile says of a network.</summary>
/// <param name="Network">The model and which of its networks.</param>
/// <param name="Nodes">Nodes after ONNX Runtime's optimisation.</param>
/// <param name="CopyNodes">Those of them that copy between host and device.</param>
/// <param name="Failures">What is wrong, one line each.</param>
internal sealed record ProfileVerdict(string Network, int Nodes, int CopyNodes, IReadOnlyList<string> Failures);
