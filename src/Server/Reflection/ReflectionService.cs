using Grpc.Core;
using Grpc.Reflection.V1;
using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.Reflection;

/// <summary>grpc.reflection.v1.ServerReflection.</summary>
internal sealed class ReflectionService(ReflectionAnswers answers, ServerShutdown shutdown) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (ServerReflectionRequest question in shutdown.ReadUntilStopping(requestStream, context.CancellationToken))
            await responseStream.WriteAsync(answers.Answer(question), context.CancellationToken);
    }
}
