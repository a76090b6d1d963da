using Google.Protobuf.Reflection;

namespace YMaskNet.Server.Tests.Contract;

/// <summary>The elements of a descriptor set by their full names, whatever file they are in.</summary>
internal sealed class ContractElements
{
    private readonly Dictionary<string, DescriptorProto> _messages = [];
    private readonly Dictionary<string, EnumDescriptorProto> _enums = [];
    private readonly Dictionary<string, ServiceDescriptorProto> _services = [];

    public ContractElements(FileDescriptorSet files)
    {
        foreach (FileDescriptorProto file in files.File)
        {
            foreach (DescriptorProto message in file.MessageType)
                Add(file.Package, message);
            foreach (EnumDescriptorProto type in file.EnumType)
                _enums.Add($"{file.Package}.{type.Name}", type);
            foreach (ServiceDescriptorProto service in file.Service)
                _services.Add($"{file.Package}.{service.Name}", service);
        }
    }

    public IReadOnlyDictionary<string, DescriptorProto> Messages => _messages;

    public IReadOnlyDictionary<string, EnumDescriptorProto> Enums => _enums;

    public IReadOnlyDictionary<string, ServiceDescriptorProto> Services => _services;

    private void Add(string scope, DescriptorProto message)
    {
        string name = $"{scope}.{message.Name}";
        _messages.Add(name, message);
        foreach (DescriptorProto nested in message.NestedType)
            Add(name, nested);
        foreach (EnumDescriptorProto type in message.EnumType)
            _enums.Add($"{name}.{type.Name}", type);
    }
}
