using Google.Protobuf;
using Grpc.Core;
using Grpc.Reflection.V1Alpha;
using YMaskNet.Server.Hosting;
using ReflectionV1 = Grpc.Reflection.V1;

namespace YMaskNet.Server.Reflection;

/// <summary>
/// grpc.reflection.v1alpha.ServerReflection, for tools that don't know v1. Both versions have the same messages on the
/// wire, so questions and answers pass through v1 by their bytes.
/// </summary>
internal sealed class ReflectionAlphaService(ReflectionAnswers answers, ServerShutdown shutdown) : ServerReflection.ServerReflectionBase
{
    public override async Task ServerReflectionInfo(
        IAsyncStreamReader<ServerReflectionRequest> requestStream,
        IServerStreamWriter<ServerReflectionResponse> responseStream,
        ServerCallContext context)
    {
        await foreach (ServerReflectionRequest question in shutdown.ReadUntilStopping(requestStream, context.CancellationToken))
        {
            ReflectionV1.ServerReflectionResponse answer =
                answers.Answer(ReflectionV1.ServerReflectionRequest.Parser.ParseFrom(question.ToByteString()));
            await responseStream.WriteAsync(
                ServerReflectionResponse.Parser.ParseFrom(answer.ToByteString()), context.CancellationToken);
        }
    }
}
