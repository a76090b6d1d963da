using System.Diagnostics;

namespace YMaskNet.Packages.Tests;

/// <summary>Stand-ins carry other people's package names: publishing one by mistake must be impossible.</summary>
public class StandInPackagingTests
{
    public static TheoryData<string> StandInProjects =>
        [.. Directory.EnumerateFiles(PackagesFolder(), "*.csproj", SearchOption.AllDirectories)
            .Where(path => !path.Contains("node_modules", StringComparison.Ordinal))
            .Select(path => Path.GetRelativePath(PackagesFolder(), path))
            .Order()];

    [Fact]
    public void StandInProjects_OfTheRepository_AreFound()
    {
        Assert.True(StandInProjects.Count >= 4, $"{StandInProjects.Count} projects in {PackagesFolder()}");
    }

    [Theory]
    [MemberData(nameof(StandInProjects))]
    public async Task IsPackable_OfAStandInProject_IsFalse(string project)
    {
        ProcessStartInfo start = new("dotnet", ["msbuild", project, "-nologo", "-getProperty:IsPackable"])
        {
            WorkingDirectory = PackagesFolder(),
            RedirectStandardOutput = true,
        };
        using Process msbuild = Process.Start(start)!;
        string answer = await msbuild.StandardOutput.ReadToEndAsync();
        await msbuild.WaitForExitAsync();

        Assert.Equal("false", answer.Trim());
    }

    private static string PackagesFolder()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "YMaskNet.Grpc.sln")))
        {
            folder = folder.Parent;
        }

        Assert.NotNull(folder);
        return Path.Combine(folder.FullName, "packages");
    }
}
