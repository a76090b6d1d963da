using Google.Protobuf.Reflection;
using FieldType = Google.Protobuf.Reflection.FieldDescriptorProto.Types;

namespace YMaskNet.Server.Tests.Contract;

/// <summary>
/// Says where a contract breaks callers of a published one, on the wire, in JSON or in their sources. Additions are
/// fine; so is a field's removal if its number and name are reserved.
/// </summary>
internal static class ContractComparison
{
    public static IReadOnlyList<string> Breaks(FileDescriptorSet published, FileDescriptorSet current)
    {
        ContractElements before = new(published);
        ContractElements after = new(current);
        List<string> breaks = [];

        foreach ((string name, DescriptorProto message) in before.Messages)
        {
            if (after.Messages.TryGetValue(name, out DescriptorProto? now))
                CompareFields(name, message, now, breaks);
            else
                breaks.Add($"message {name} is gone");
        }

        foreach ((string name, EnumDescriptorProto type) in before.Enums)
        {
            if (after.Enums.TryGetValue(name, out EnumDescriptorProto? now))
                CompareValues(name, type, now, breaks);
            else
                breaks.Add($"enum {name} is gone");
        }

        foreach ((string name, ServiceDescriptorProto service) in before.Services)
        {
            if (after.Services.TryGetValue(name, out ServiceDescriptorProto? now))
                CompareMethods(name, service, now, breaks);
            else
                breaks.Add($"service {name} is gone");
        }

        return breaks;
    }

    private static void CompareFields(string message, DescriptorProto before, DescriptorProto after, List<string> breaks)
    {
        foreach (FieldDescriptorProto field in before.Field)
        {
            string name = $"field {message}.{field.Name} = {field.Number}";
            FieldDescriptorProto? now = after.Field.FirstOrDefault(candidate => candidate.Number == field.Number);
            if (now is null)
            {
                bool reserved = after.ReservedName.Contains(field.Name)
                    && after.ReservedRange.Any(range => range.Start <= field.Number && field.Number < range.End);
                if (!reserved)
                    breaks.Add($"{name} is gone");
                continue;
            }

            if (now.Name != field.Name)
                breaks.Add($"{name} is now named {now.Name}");
            if (now.Type != field.Type || now.TypeName != field.TypeName)
                breaks.Add($"{name} was {TypeOf(field)} and is {TypeOf(now)}");
            if ((now.Label == FieldType.Label.Repeated) != (field.Label == FieldType.Label.Repeated))
                breaks.Add($"{name} was {field.Label} and is {now.Label}");
            if (now.Proto3Optional != field.Proto3Optional)
                breaks.Add($"{name} has changed between optional and not");
            if (OneofOf(before, field) != OneofOf(after, now))
                breaks.Add($"{name} has moved into or out of a oneof");
        }
    }

    private static void CompareValues(string type, EnumDescriptorProto before, EnumDescriptorProto after, List<string> breaks)
    {
        foreach (EnumValueDescriptorProto value in before.Value)
        {
            EnumValueDescriptorProto? now = after.Value.FirstOrDefault(candidate => candidate.Name == value.Name);
            if (now is null)
                breaks.Add($"enum value {type}.{value.Name} is gone");
            else if (now.Number != value.Number)
                breaks.Add($"enum value {type}.{value.Name} was {value.Number} and is {now.Number}");
        }
    }

    private static void CompareMethods(string service, ServiceDescriptorProto before, ServiceDescriptorProto after, List<string> breaks)
    {
        foreach (MethodDescriptorProto method in before.Method)
        {
            MethodDescriptorProto? now = after.Method.FirstOrDefault(candidate => candidate.Name == method.Name);
            if (now is null)
                breaks.Add($"rpc {service}.{method.Name} is gone");
            else if (SignatureOf(now) != SignatureOf(method))
                breaks.Add($"rpc {service}.{method.Name} was {SignatureOf(method)} and is {SignatureOf(now)}");
        }
    }

    private static string TypeOf(FieldDescriptorProto field) => $"{field.Type} {field.TypeName}".TrimEnd();

    // protoc puts each optional field into a oneof of its own, which callers never see.
    private static string? OneofOf(DescriptorProto message, FieldDescriptorProto field) =>
        field.HasOneofIndex && !field.Proto3Optional ? message.OneofDecl[field.OneofIndex].Name : null;

    private static string SignatureOf(MethodDescriptorProto method) =>
        $"({(method.ClientStreaming ? "stream " : "")}{method.InputType}) -> ({(method.ServerStreaming ? "stream " : "")}{method.OutputType})";
}
