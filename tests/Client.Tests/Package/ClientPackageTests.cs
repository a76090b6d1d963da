using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace YMaskNet.Client.Tests.Package;

/// <summary>The NuGet package of the client library, used as a newcomer uses it.</summary>
public sealed class ClientPackageTests
{
    [Fact]
    public async Task Package_InAProjectOfItsOwn_FirstCallOfItsReadmeAnswersAndEverySnippetCompiles()
    {
        using ConsumerProject consumer = new();
        await consumer.PackAsync();
        using ServerProcess server = await ServerProcess.StartAsync("pcb-ymasknet-lite");

        string program = await consumer.BuildAsync(server.Address);
        string output = await ConsumerProject.RunAsync(ConsumerProject.Repository, "dotnet", program);

        Assert.Matches(new Regex(@"^[a-z-]+ 0\.\d\d at \{.*\}, \d+ pixels$", RegexOptions.Multiline), output);
        CheckContents(consumer);
    }

    [Fact]
    public void Readme_FirstCall_HasAtMostTenLinesAndIsThatOfTheRepositorysReadme()
    {
        using ConsumerProject consumer = new();
        string first = FirstSnippet(consumer.Readme);

        Assert.InRange(first.Trim().Split('\n').Length, 1, 10);
        Assert.Equal(first, FirstSnippet(File.ReadAllText(Path.Combine(ConsumerProject.Repository, "README.md"))));
    }

    [Fact]
    public void Readme_EveryPublicType_IsInIt()
    {
        using ConsumerProject consumer = new();

        string[] missing =
        [
            .. typeof(InspectionClient).Assembly.GetExportedTypes()
                .Select(type => type.Name)
                .Where(name => !Regex.IsMatch(consumer.Readme, $@"`(Masks\.)?{name}`")),
        ];

        Assert.Empty(missing);
    }

    private static void CheckContents(ConsumerProject consumer)
    {
        Assert.Equal(consumer.Readme, consumer.ReadFromPackage("YMaskNet.Client", "README.md"));
        Assert.Contains("T:YMaskNet.Client.RetryOptions", consumer.ReadFromPackage("YMaskNet.Client", "lib/net10.0/YMaskNet.Client.xml"), StringComparison.Ordinal);
        Assert.Contains("T:YMaskNet.V1.Defect", consumer.ReadFromPackage("YMaskNet.Protocol", "lib/net10.0/YMaskNet.Protocol.xml"), StringComparison.Ordinal);
        XElement metadata = XDocument.Parse(consumer.ReadFromPackage("YMaskNet.Client", "YMaskNet.Client.nuspec")).Root!.Elements().First();
        string Text(string name) => metadata.Elements().Single(element => element.Name.LocalName == name).Value;
        Assert.Equal(("YMaskNet.Client", "Apache-2.0", "README.md"), (Text("id"), Text("license"), Text("readme")));
        Assert.Contains("YMaskNet gRPC server", Text("description"), StringComparison.Ordinal);
        Assert.DoesNotContain(metadata.Elements(), element => element.Name.LocalName is "repository" or "projectUrl");
        Assert.Equal(
            ["Grpc.Net.Client", "YMaskNet.Protocol"],
            metadata.Descendants().Where(element => element.Name.LocalName == "dependency").Select(element => element.Attribute("id")!.Value)
                .Where(id => id is not ("Grpc.Core.Api" or "Grpc.Net.Common")).Order());

        // Where it was built is nobody's business, and would make two builds of the same source differ.
        Assert.DoesNotContain(
            ConsumerProject.Repository, consumer.ReadFromPackage("YMaskNet.Client", "lib/net10.0/YMaskNet.Client.dll"), StringComparison.Ordinal);
        Assert.NotEmpty(Directory.EnumerateFiles(consumer.Feed, "YMaskNet.Client.*.snupkg"));
    }

    private static string FirstSnippet(string readme) => Regex.Match(readme, "```csharp\n(.*?)```", RegexOptions.Singleline).Groups[1].Value;
}
