using System.Diagnostics;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.RegularExpressions;
using YMaskNet.Client.Tests.Support;

namespace YMaskNet.Client.Tests.Package;

/// <summary>The packed client library in a project outside the repository, as somebody has it who installs the package.</summary>
internal sealed partial class ConsumerProject : IDisposable
{
#if DEBUG
    private const string Configuration = "Debug";
#else
    private const string Configuration = "Release";
#endif

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(8);

    private readonly TemporaryFolder _folder = new();

    public static string Repository { get; } = FindRepository();

    public string Feed => _folder.PathOf("feed");

    public string Readme { get; } = File.ReadAllText(Path.Combine(Repository, "src/Client/Library/README.md"));

    /// <summary>Packs the library and the contract, as they have been built.</summary>
    public async Task PackAsync()
    {
        foreach (string project in new[] { "src/Protocol", "src/Client/Library" })
            await RunAsync(Repository, "dotnet", "pack", project, "--no-build", "-c", Configuration, "-o", Feed, "-v", "quiet", "-nologo");
        if (StandIns.AreUsed)
            StandIns.AddTo(Feed, Configuration);
    }

    /// <summary>Builds a program of the README's first call, and of all other snippets, against the packages.</summary>
    /// <param name="server">Address that takes the place of the README's.</param>
    /// <returns>The path of the program.</returns>
    public async Task<string> BuildAsync(string server)
    {
        string[] snippets = [.. Snippet().Matches(Readme).Select(match => match.Groups[1].Value)];
        Assert.True(snippets.Length >= 10, $"The README has {snippets.Length} snippets.");
        Write("Program.cs", snippets[0].Replace("http://127.0.0.1:5080", server, StringComparison.Ordinal));
        Write("Snippets.cs", SnippetClass(snippets.Skip(1)));
        Write("nuget.config", $"""<configuration><packageSources><add key="packed" value="{Feed}" /></packageSources></configuration>""");
        Write(
            "Consumer.csproj",
            $"""
            <Project Sdk="Microsoft.NET.Sdk">
              <PropertyGroup>
                <OutputType>Exe</OutputType>
                <TargetFramework>net10.0</TargetFramework>
                <ImplicitUsings>enable</ImplicitUsings>
                <Nullable>enable</Nullable>
                <NuGetAudit>false</NuGetAudit>
                <RestorePackagesPath>{_folder.PathOf("restored")}</RestorePackagesPath>
                <RestoreAdditionalProjectFallbackFolders>{PackageCache()}</RestoreAdditionalProjectFallbackFolders>
              </PropertyGroup>
              <ItemGroup>
                <PackageReference Include="YMaskNet.Client" Version="{VersionOf("YMaskNet.Client")}" />
              </ItemGroup>
            </Project>
            """);
        await RunAsync(_folder.Path, "dotnet", "build", "-c", Configuration, "-v", "quiet", "-nologo");
        return _folder.PathOf($"bin/{Configuration}/net10.0/Consumer.dll");
    }

    /// <summary>Runs a program to its end.</summary>
    /// <returns>What it wrote to standard output.</returns>
    public static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        ProcessStartInfo start = new(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };

        // What this process was started with is not what a newcomer has.
        start.Environment.Remove("MSBUILD_EXE_PATH");
        start.Environment["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1";
        start.Environment["MSBUILDDISABLENODEREUSE"] = "1";
        using Process process = Process.Start(start)!;
        Task<string> output = process.StandardOutput.ReadToEndAsync();
        Task<string> error = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        Assert.True(process.ExitCode == 0, $"{program} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{await output}\n{await error}");
        return await output;
    }

    /// <summary>A file of a package, or all names where there is none of that name.</summary>
    public string ReadFromPackage(string id, string name)
    {
        using ZipArchive package = ZipFile.OpenRead(Directory.EnumerateFiles(Feed, $"{id}.*.nupkg").Single());
        ZipArchiveEntry entry = package.GetEntry(name)
            ?? throw new FileNotFoundException($"{id} has {string.Join(", ", package.Entries.Select(file => file.FullName))}, but no {name}.");
        using StreamReader reader = new(entry.Open());
        return reader.ReadToEnd();
    }

    public void Dispose() => _folder.Dispose();

    private static string SnippetClass(IEnumerable<string> snippets)
    {
        SortedSet<string> usings = ["using YMaskNet.Client;", "using YMaskNet.V1;"];
        StringBuilder methods = new();
        foreach ((int index, string snippet) in snippets.Index())
        {
            methods.Append("    public static async System.Threading.Tasks.Task Snippet").Append(index).AppendLine("()").AppendLine("    {");
            foreach (string line in snippet.Split('\n'))
            {
                if (UsingDirective().IsMatch(line))
                    usings.Add(line);
                else
                    methods.Append("        ").AppendLine(line);
            }

            methods.AppendLine("        await System.Threading.Tasks.Task.CompletedTask;").AppendLine("    }").AppendLine();
        }

        return $$"""
            {{string.Join('\n', usings)}}

            internal static class Snippets
            {
                private static readonly InspectionClient client = null!;
                private static readonly DetectAndSegmentResponse answer = null!;
                private static readonly Camera camera = null!;
                private static readonly Gate gate = null!;
                private static readonly CancellationToken cancellationToken;

            {{methods}}
            }

            internal abstract class Camera
            {
                public abstract bool IsRunning { get; }
                public abstract ReadOnlyMemory<byte> Buffer { get; }
                public abstract ValueTask<ReadOnlyMemory<byte>> NextAsync();
                public abstract IAsyncEnumerable<ReadOnlyMemory<byte>> Strips();
                public abstract void ReadInto(Span<byte> pixels);
            }

            internal abstract class Gate
            {
                public abstract void Set(ulong frame, bool passes);
            }
            """;
    }

    private string VersionOf(string id) =>
        Path.GetFileNameWithoutExtension(Directory.EnumerateFiles(Feed, $"{id}.*.nupkg").Single())[(id.Length + 1)..];

    private void Write(string name, string text) => _folder.Add(name, Encoding.UTF8.GetBytes(text));

    // Packages that are there already need not be fetched again.
    private static string PackageCache() =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES")
        ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private static string FindRepository([CallerFilePath] string here = "") => Path.GetFullPath(Path.Combine(here, "../../../.."));

    [GeneratedRegex("```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Snippet();

    [GeneratedRegex(@"^using [\w.]+;$")]
    private static partial Regex UsingDirective();
}
