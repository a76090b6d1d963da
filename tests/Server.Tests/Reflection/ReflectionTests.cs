using Google.Protobuf;
using Google.Protobuf.Reflection;
using Alpha = Grpc.Reflection.V1Alpha;
using Grpc.Reflection.V1;

namespace YMaskNet.Server.Tests.Reflection;

public sealed class ReflectionTests(SharedServer shared)
{
    private readonly TestServer _server = shared.Server;

    public static TheoryData<bool> Versions => [false, true];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task ListServices_AllServices(bool alpha)
    {
        ServerReflectionResponse answer = await AskAsync(alpha, new ServerReflectionRequest { Host = "here", ListServices = "*" });

        Assert.Equal(
            [
                "grpc.health.v1.Health", "grpc.reflection.v1.ServerReflection", "grpc.reflection.v1alpha.ServerReflection",
                "ymasknet.v1.BoardService", "ymasknet.v1.InspectionService", "ymasknet.v1.ModelService",
                "ymasknet.v1.SharedMemoryService",
            ],
            answer.ListServicesResponse.Service.Select(service => service.Name));
        Assert.Equal("here", answer.ValidHost);
        Assert.Equal("*", answer.OriginalRequest.ListServices);
    }

    [Theory]
    [InlineData("ymasknet.v1.InspectionService", "ymasknet/v1/inspection_service.proto")]
    [InlineData("ymasknet.v1.InspectionService.Detect", "ymasknet/v1/inspection_service.proto")]
    [InlineData("ymasknet.v1.DetectRequest", "ymasknet/v1/inspection_service.proto")]
    [InlineData("ymasknet.v1.DetectRequest.image", "ymasknet/v1/inspection_service.proto")]
    [InlineData("ymasknet.v1.InspectStreamRequest.message", "ymasknet/v1/inspection_service.proto")]
    [InlineData("ymasknet.v1.Task", "ymasknet/v1/inspection_service.proto")]
    [InlineData("ymasknet.v1.TASK_DETECT", "ymasknet/v1/inspection_service.proto")]
    [InlineData("ymasknet.v1.ModelService", "ymasknet/v1/model_service.proto")]
    [InlineData("ymasknet.v1.Box", "ymasknet/v1/geometry.proto")]
    [InlineData("grpc.health.v1.HealthCheckResponse.ServingStatus", "grpc/health/v1/health.proto")]
    [InlineData("google.rpc.ErrorInfo", "google/rpc/error_details.proto")]
    public async Task FileContainingSymbol_AnySymbol_ItsFileFirstAndAllImports(string symbol, string expectedFile)
    {
        foreach (bool alpha in new[] { false, true })
        {
            ServerReflectionResponse answer = await AskAsync(alpha, new ServerReflectionRequest { FileContainingSymbol = symbol });

            FileDescriptorProto[] files = Files(answer);
            Assert.Equal(expectedFile, files[0].Name);
            Assert.Equal(files.Select(file => file.Name).Distinct(), files.Select(file => file.Name));
            Assert.Empty(files.SelectMany(file => file.Dependency).Except(files.Select(file => file.Name)));
        }
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task FileByFilename_ServiceFile_DescriptorsThatBuild(bool alpha)
    {
        ServerReflectionResponse answer = await AskAsync(
            alpha, new ServerReflectionRequest { FileByFilename = "ymasknet/v1/inspection_service.proto" });

        IReadOnlyList<FileDescriptor> built = FileDescriptor.BuildFromByteStrings(
            ImportsFirst(Files(answer)).Select(file => file.ToByteString()));
        MethodDescriptor stream = built.SelectMany(file => file.Services)
            .Single(service => service.FullName == "ymasknet.v1.InspectionService")
            .FindMethodByName("InspectStream");
        Assert.True(stream.IsClientStreaming && stream.IsServerStreaming);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task AllExtensionNumbersOfType_MessageOfTheServer_None(bool alpha)
    {
        ServerReflectionResponse answer = await AskAsync(
            alpha, new ServerReflectionRequest { AllExtensionNumbersOfType = "ymasknet.v1.Box" });

        Assert.Equal("ymasknet.v1.Box", answer.AllExtensionNumbersResponse.BaseTypeName);
        Assert.Empty(answer.AllExtensionNumbersResponse.ExtensionNumber);
    }

    public static TheoryData<string, StatusCode> Unanswerable => new()
    {
        { "file", StatusCode.NotFound },
        { "symbol", StatusCode.NotFound },
        { "extension", StatusCode.NotFound },
        { "type", StatusCode.NotFound },
        { "nothing", StatusCode.InvalidArgument },
    };

    [Theory]
    [MemberData(nameof(Unanswerable))]
    public async Task ServerReflectionInfo_NoAnswer_ErrorResponseAndTheStreamGoesOn(string what, StatusCode expected)
    {
        ServerReflectionRequest question = what switch
        {
            "file" => new() { FileByFilename = "no/such.proto" },
            "symbol" => new() { FileContainingSymbol = "no.such.Symbol" },
            "extension" => new() { FileContainingExtension = new() { ContainingType = "ymasknet.v1.Box", ExtensionNumber = 100 } },
            "type" => new() { AllExtensionNumbersOfType = "no.such.Type" },
            _ => new(),
        };
        foreach (bool alpha in new[] { false, true })
        {
            ServerReflectionResponse[] answers = await AskAsync(alpha, [question, new() { ListServices = "*" }]);

            Assert.Equal(expected, (StatusCode)answers[0].ErrorResponse.ErrorCode);
            Assert.NotEmpty(answers[0].ErrorResponse.ErrorMessage);
            Assert.Equal(question, answers[0].OriginalRequest);
            Assert.NotNull(answers[1].ListServicesResponse);
        }
    }

    private static List<FileDescriptorProto> ImportsFirst(FileDescriptorProto[] files)
    {
        List<FileDescriptorProto> ordered = [];
        while (ordered.Count < files.Length)
        {
            ordered.Add(files.Except(ordered).First(
                file => file.Dependency.All(import => ordered.Exists(earlier => earlier.Name == import))));
        }

        return ordered;
    }

    private static FileDescriptorProto[] Files(ServerReflectionResponse answer) =>
        [.. answer.FileDescriptorResponse.FileDescriptorProto.Select(file => FileDescriptorProto.Parser.ParseFrom(file))];

    private async Task<ServerReflectionResponse> AskAsync(bool alpha, ServerReflectionRequest question) =>
        (await AskAsync(alpha, [question])).Single();

    private async Task<ServerReflectionResponse[]> AskAsync(bool alpha, ServerReflectionRequest[] questions) =>
        alpha ? await AskAlphaAsync(questions) : await AskV1Async(questions);

    private async Task<ServerReflectionResponse[]> AskV1Async(ServerReflectionRequest[] questions)
    {
        using var call = new ServerReflection.ServerReflectionClient(_server.Channel).ServerReflectionInfo();
        foreach (ServerReflectionRequest question in questions)
            await call.RequestStream.WriteAsync(question);
        await call.RequestStream.CompleteAsync();

        List<ServerReflectionResponse> answers = [];
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            answers.Add(call.ResponseStream.Current);
        Assert.Equal(questions.Length, answers.Count);
        return [.. answers];
    }

    private async Task<ServerReflectionResponse[]> AskAlphaAsync(ServerReflectionRequest[] questions)
    {
        using var call = new Alpha.ServerReflection.ServerReflectionClient(_server.Channel).ServerReflectionInfo();
        foreach (ServerReflectionRequest question in questions)
            await call.RequestStream.WriteAsync(Alpha.ServerReflectionRequest.Parser.ParseFrom(question.ToByteString()));
        await call.RequestStream.CompleteAsync();

        List<ServerReflectionResponse> answers = [];
        while (await call.ResponseStream.MoveNext(CancellationToken.None))
            answers.Add(ServerReflectionResponse.Parser.ParseFrom(call.ResponseStream.Current.ToByteString()));
        Assert.Equal(questions.Length, answers.Count);
        return [.. answers];
    }
}
