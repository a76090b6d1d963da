using Google.Protobuf.Reflection;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types;

namespace YMaskNet.Server.Tests.Contract;

/// <summary>
/// Holds the protos against the published contract, protos/ymasknet.v1.binpb. After an addition, write that file again
/// with <c>dotnet build src/Protocol -t:RefreshDescriptorSet</c>.
/// </summary>
public sealed class ContractTests
{
    private static readonly FileDescriptor[] Compiled =
    [
        Wire.GeometryReflection.Descriptor,
        Wire.ImageReflection.Descriptor,
        Wire.BoardServiceReflection.Descriptor,
        Wire.InspectionServiceReflection.Descriptor,
        Wire.MaskReflection.Descriptor,
        Wire.ModelServiceReflection.Descriptor,
        Wire.RecipeReflection.Descriptor,
        Wire.ResultsReflection.Descriptor,
        Wire.SharedMemoryServiceReflection.Descriptor,
    ];

    [Fact]
    public void Protos_ComparedWithThePublishedContract_BreakNobody() =>
        Assert.Empty(ContractComparison.Breaks(Published(), Current()));

    [Fact]
    public void Published_HoldsEveryFile() =>
        Assert.Equal(Compiled.Select(file => file.Name).Order(), Published().File.Select(file => file.Name).Order());

    public static TheoryData<string, Action<FileDescriptorSet>, string> BreakingChanges => new()
    {
        { "field removed", set => Message(set, "Defect").Field.RemoveAt(0), "field ymasknet.v1.Defect.class_name = 1 is gone" },
        { "field renumbered", set => Field(set, "Defect", "score").Number = 30, "field ymasknet.v1.Defect.score = 3 is gone" },
        { "field renamed", set => Field(set, "Defect", "score").Name = "confidence", "field ymasknet.v1.Defect.score = 3 is now named confidence" },
        { "field of another type", set => Field(set, "Defect", "score").Type = FieldType.Type.Double, "field ymasknet.v1.Defect.score = 3 was Float and is Double" },
        { "field of another message", set => Field(set, "Defect", "box").TypeName = ".ymasknet.v1.Point", "was Message .ymasknet.v1.Box and is Message .ymasknet.v1.Point" },
        { "field repeated", set => Field(set, "Defect", "box").Label = FieldType.Label.Repeated, "field ymasknet.v1.Defect.box = 4 was Optional and is Repeated" },
        { "field no longer optional", MakeMinScoreImplicit, "has changed between optional and not" },
        { "field out of its oneof", set => Field(set, "Image", "raw").ClearOneofIndex(), "field ymasknet.v1.Image.raw = 2 has moved into or out of a oneof" },
        { "message removed", set => File(set, "image").MessageType.RemoveAt(0), "message ymasknet.v1.Image is gone" },
        { "enum removed", set => File(set, "image").EnumType.Clear(), "enum ymasknet.v1.PixelFormat is gone" },
        { "enum value removed", set => File(set, "image").EnumType[0].Value.RemoveAt(1), "enum value ymasknet.v1.PixelFormat.PIXEL_FORMAT_MONO8 is gone" },
        { "enum value renumbered", set => File(set, "mask").EnumType[0].Value[1].Number = 9, "enum value ymasknet.v1.MaskFormat.MASK_FORMAT_COCO_RLE was 1 and is 9" },
        { "service removed", set => File(set, "model_service").Service.Clear(), "service ymasknet.v1.ModelService is gone" },
        { "rpc removed", set => File(set, "inspection_service").Service[0].Method.RemoveAt(0), "rpc ymasknet.v1.InspectionService.Detect is gone" },
        { "rpc no longer a stream", set => File(set, "inspection_service").Service[0].Method[3].ServerStreaming = false, "rpc ymasknet.v1.InspectionService.InspectStream was (stream " },
        { "rpc of another answer", set => File(set, "inspection_service").Service[0].Method[0].OutputType = ".ymasknet.v1.Box", "and is (.ymasknet.v1.DetectRequest) -> (.ymasknet.v1.Box)" },
    };

    [Theory]
    [MemberData(nameof(BreakingChanges))]
    public void Breaks_BreakingChange_Named(string change, Action<FileDescriptorSet> apply, string expected)
    {
        FileDescriptorSet changed = Published();
        apply(changed);

        string found = Assert.Single(ContractComparison.Breaks(Published(), changed));

        Assert.True(found.Contains(expected, StringComparison.Ordinal), $"{change}: {found}");
    }

    public static TheoryData<string, Action<FileDescriptorSet>> Additions => new()
    {
        { "field", set => Message(set, "Defect").Field.Add(new FieldDescriptorProto { Name = "new", Number = 99, Type = FieldType.Type.Bool }) },
        { "message", set => File(set, "image").MessageType.Add(new DescriptorProto { Name = "New" }) },
        { "enum value", set => File(set, "mask").EnumType[0].Value.Add(new EnumValueDescriptorProto { Name = "MASK_FORMAT_NEW", Number = 99 }) },
        { "rpc", set => File(set, "model_service").Service[0].Method.Add(new MethodDescriptorProto { Name = "New", InputType = ".a", OutputType = ".b" }) },
        { "file", set => set.File.Add(new FileDescriptorProto { Name = "ymasknet/v1/new.proto", Package = "ymasknet.v1" }) },
        { "reserved field", ReserveScore },
    };

    [Theory]
    [MemberData(nameof(Additions))]
    public void Breaks_Addition_None(string addition, Action<FileDescriptorSet> apply)
    {
        FileDescriptorSet changed = Published();
        apply(changed);

        Assert.NotEqual((addition, Published()), (addition, changed));
        Assert.Empty(ContractComparison.Breaks(Published(), changed));
    }

    [Fact]
    public void Protos_EveryElement_HasAComment()
    {
        string folder = Path.Combine(RepositoryRoot(), "protos", "ymasknet", "v1");

        Assert.Empty(Directory.EnumerateFiles(folder, "*.proto").SelectMany(UncommentedLines));
    }

    private static void MakeMinScoreImplicit(FileDescriptorSet set)
    {
        FieldDescriptorProto minScore = Field(set, "DetectionOptions", "min_score");
        minScore.ClearProto3Optional();
        minScore.ClearOneofIndex();
    }

    private static void ReserveScore(FileDescriptorSet set)
    {
        DescriptorProto defect = Message(set, "Defect");
        Assert.True(defect.Field.Remove(Field(set, "Defect", "score")));
        defect.ReservedName.Add("score");
        defect.ReservedRange.Add(new DescriptorProto.Types.ReservedRange { Start = 3, End = 4 });
    }

    private static FileDescriptorSet Published() => FileDescriptorSet.Parser.ParseFrom(TestFile.Read("ymasknet.v1.binpb"));

    private static FileDescriptorSet Current() => new() { File = { Compiled.Select(file => file.ToProto()) } };

    private static FileDescriptorProto File(FileDescriptorSet set, string name) =>
        set.File.Single(file => file.Name == $"ymasknet/v1/{name}.proto");

    private static DescriptorProto Message(FileDescriptorSet set, string name) =>
        set.File.SelectMany(file => file.MessageType).Single(message => message.Name == name);

    private static FieldDescriptorProto Field(FileDescriptorSet set, string message, string name) =>
        Message(set, message).Field.Single(field => field.Name == name);

    private static IEnumerable<string> UncommentedLines(string path)
    {
        string[] lines = [.. System.IO.File.ReadLines(path).Select(line => line.Trim())];
        for (int i = 1; i < lines.Length; i++)
        {
            bool declares = lines[i].EndsWith('{') || lines[i].EndsWith(';') || lines[i].EndsWith("{}", StringComparison.Ordinal);
            if (declares && !IsComment(lines[i]) && !IsHeader(lines[i]) && !IsComment(lines[i - 1]))
                yield return $"{Path.GetFileName(path)}:{i + 1}: {lines[i]}";
        }
    }

    private static bool IsComment(string line) => line.StartsWith("//", StringComparison.Ordinal);

    private static bool IsHeader(string line) => line.Split(' ')[0] is "syntax" or "package" or "import" or "option";

    private static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder.FullName, "YMaskNet.Grpc.sln")))
            folder = folder.Parent;

        return folder?.FullName ?? throw new DirectoryNotFoundException("The tests must run inside the repository.");
    }
}
