using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Reflection.V1;
using Question = Grpc.Reflection.V1.ServerReflectionRequest;

namespace YMaskNet.Server.Reflection;

/// <summary>Answers reflection's questions from a <see cref="DescriptorIndex"/>.</summary>
internal sealed class ReflectionAnswers(DescriptorIndex index)
{
    public ServerReflectionResponse Answer(Question question)
    {
        ServerReflectionResponse answer = new() { ValidHost = question.Host, OriginalRequest = question };
        switch (question.MessageRequestCase)
        {
            case Question.MessageRequestOneofCase.ListServices:
                answer.ListServicesResponse = new ListServiceResponse
                {
                    Service = { index.Services.Select(name => new ServiceResponse { Name = name }) },
                };
                break;

            case Question.MessageRequestOneofCase.FileByFilename:
                AnswerFile(answer, index.FileByName(question.FileByFilename), $"file {question.FileByFilename}");
                break;

            case Question.MessageRequestOneofCase.FileContainingSymbol:
                string symbol = question.FileContainingSymbol;
                AnswerFile(answer, index.FileBySymbol(symbol), $"symbol {symbol}");
                break;

            // proto3 has no extensions but those of options, and the server's files declare none.
            case Question.MessageRequestOneofCase.FileContainingExtension:
                ExtensionRequest extension = question.FileContainingExtension;
                AnswerFile(answer, null, $"extension {extension.ExtensionNumber} of {extension.ContainingType}");
                break;

            case Question.MessageRequestOneofCase.AllExtensionNumbersOfType:
                string type = question.AllExtensionNumbersOfType;
                if (index.HasMessage(type))
                    answer.AllExtensionNumbersResponse = new ExtensionNumberResponse { BaseTypeName = type };
                else
                    answer.ErrorResponse = Error(StatusCode.NotFound, $"There is no message type {type}.");
                break;

            default:
                answer.ErrorResponse = Error(StatusCode.InvalidArgument, "The request asks nothing.");
                break;
        }

        return answer;
    }

    private static void AnswerFile(ServerReflectionResponse answer, FileDescriptor? file, string what)
    {
        if (file is null)
        {
            answer.ErrorResponse = Error(StatusCode.NotFound, $"There is no {what}.");
            return;
        }

        answer.FileDescriptorResponse = new FileDescriptorResponse
        {
            FileDescriptorProto = { DescriptorIndex.WithImports(file) },
        };
    }

    private static ErrorResponse Error(StatusCode code, string message) =>
        new() { ErrorCode = (int)code, ErrorMessage = message };
}
