using Google.Protobuf;
using Google.Protobuf.Reflection;
using ServiceDescriptor = Google.Protobuf.Reflection.ServiceDescriptor;

namespace YMaskNet.Server.Reflection;

/// <summary>The descriptors of the server's services, by file and by symbol.</summary>
internal sealed class DescriptorIndex
{
    private readonly Dictionary<string, FileDescriptor> _filesByName = new(StringComparer.Ordinal);
    private readonly Dictionary<string, FileDescriptor> _filesBySymbol = new(StringComparer.Ordinal);
    private readonly HashSet<string> _messages = new(StringComparer.Ordinal);

    /// <param name="served">Files whose services the server offers.</param>
    /// <param name="described">Further files whose messages it sends.</param>
    public DescriptorIndex(IReadOnlyCollection<FileDescriptor> served, IReadOnlyCollection<FileDescriptor> described)
    {
        Services = [.. served.SelectMany(file => file.Services).Select(service => service.FullName).Order(StringComparer.Ordinal)];
        foreach (FileDescriptor file in served.Concat(described))
            Add(file);
    }

    /// <summary>Full names of the services, in alphabetical order.</summary>
    public IReadOnlyList<string> Services { get; }

    public FileDescriptor? FileByName(string name) => _filesByName.GetValueOrDefault(name);

    /// <summary>The file that declares a service, method, message, field, oneof, enum or enum value.</summary>
    public FileDescriptor? FileBySymbol(string symbol) => _filesBySymbol.GetValueOrDefault(symbol);

    public bool HasMessage(string fullName) => _messages.Contains(fullName);

    /// <summary>A file and all that it imports, each once, importers first.</summary>
    public static IEnumerable<ByteString> WithImports(FileDescriptor file)
    {
        HashSet<string> seen = new(StringComparer.Ordinal) { file.Name };
        Queue<FileDescriptor> queue = new([file]);
        while (queue.TryDequeue(out FileDescriptor? next))
        {
            yield return next.SerializedData;
            foreach (FileDescriptor import in next.Dependencies)
            {
                if (seen.Add(import.Name))
                    queue.Enqueue(import);
            }
        }
    }

    private void Add(FileDescriptor file)
    {
        if (!_filesByName.TryAdd(file.Name, file))
            return;

        foreach (FileDescriptor import in file.Dependencies)
            Add(import);

        foreach (ServiceDescriptor service in file.Services)
        {
            AddSymbol(service);
            foreach (MethodDescriptor method in service.Methods)
                AddSymbol(method);
        }

        foreach (MessageDescriptor message in file.MessageTypes)
            Add(message);

        foreach (EnumDescriptor type in file.EnumTypes)
            Add(type);
    }

    private void Add(MessageDescriptor message)
    {
        AddSymbol(message);
        _messages.Add(message.FullName);
        foreach (FieldDescriptor field in message.Fields.InDeclarationOrder())
            AddSymbol(field);

        foreach (OneofDescriptor oneof in message.Oneofs)
            AddSymbol(oneof);

        foreach (MessageDescriptor nested in message.NestedTypes)
            Add(nested);

        foreach (EnumDescriptor nested in message.EnumTypes)
            Add(nested);
    }

    private void Add(EnumDescriptor type)
    {
        AddSymbol(type);

        // In protobuf an enum's values are named beside it, not inside it.
        string scope = type.FullName[..^type.Name.Length];
        foreach (EnumValueDescriptor value in type.Values)
            _filesBySymbol.TryAdd(scope + value.Name, type.File);
    }

    private void AddSymbol(DescriptorBase symbol) => _filesBySymbol.TryAdd(symbol.FullName, symbol.File);
}
