using System.IO.Compression;
using System.Reflection;
using Grpc.Core;

namespace YMaskNet.Client.Tests.Package;

/// <summary>
/// The stand-ins for gRPC's contracts as packages of a test's own feed: where they are used, the machine's feed may lack the genuine
/// ones. They live as long as the test.
/// </summary>
internal static class StandIns
{
    private const string Version = "2.85.0";

    public static bool AreUsed { get; } =
        typeof(Metadata).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(entry => entry.Key == "YMaskNet.StandIn");

    public static void AddTo(string feed, string configuration)
    {
        Add(feed, configuration, "Grpc.Core.Api", dependency: null);
        Add(feed, configuration, "Grpc.Net.Common", dependency: "Grpc.Core.Api");
    }

    private static void Add(string feed, string configuration, string id, string? dependency)
    {
        using ZipArchive package = ZipFile.Open(Path.Combine(feed, $"{id}.{Version}.nupkg"), ZipArchiveMode.Create);
        using (StreamWriter manifest = new(package.CreateEntry($"{id}.nuspec").Open()))
        {
            string dependencies = dependency is null ? "" : $"""<dependency id="{dependency}" version="{Version}" />""";
            manifest.Write(
                $"""
                <package xmlns="http://schemas.microsoft.com/packaging/2013/05/nuspec.xsd">
                  <metadata>
                    <id>{id}</id><version>{Version}</version><authors>test</authors><description>Stands in for the genuine package in a test.</description>
                    <dependencies><group targetFramework="net10.0">{dependencies}</group></dependencies>
                  </metadata>
                </package>
                """);
        }

        package.CreateEntryFromFile(
            Path.Combine(ConsumerProject.Repository, $"packages/{id}/bin/{configuration}/net10.0/{id}.dll"), $"lib/net10.0/{id}.dll");
    }
}
