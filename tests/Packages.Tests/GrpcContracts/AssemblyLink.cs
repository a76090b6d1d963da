using System.Reflection;
using System.Reflection.Metadata;
using System.Reflection.Metadata.Ecma335;
using System.Reflection.PortableExecutable;
using System.Runtime.CompilerServices;

namespace YMaskNet.Packages.Tests.GrpcContracts;

/// <summary>Does for a whole assembly what the run time does lazily: resolves every reference and compiles every method.</summary>
internal sealed class AssemblyLink
{
    // Stands for every generic parameter that a reference may mention; none here mentions more than eight.
    private static readonly Type[] AnyArguments = [.. Enumerable.Repeat(typeof(string), 8)];

    private readonly Assembly _assembly;
    private readonly Type[][] _genericContexts;
    private readonly List<string> _failures = [];
    private readonly Dictionary<string, int> _resolvedMembers = [];

    private AssemblyLink(Assembly assembly)
    {
        _assembly = assembly;
        // A reference to a constrained generic type resolves only among the parameters that carry the constraint.
        _genericContexts =
        [
            AnyArguments,
            .. assembly.GetTypes().Where(type => type.IsGenericTypeDefinition).Select(type => type.GetGenericArguments()),
        ];
    }

    /// <summary>What did not resolve, one line each.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Links the assembly against what is loaded beside it.</summary>
    public static AssemblyLink Check(Assembly assembly)
    {
        AssemblyLink link = new(assembly);
        using FileStream file = File.OpenRead(assembly.Location);
        using PEReader image = new(file);
        MetadataReader metadata = image.GetMetadataReader();
        link.ResolveTypes(metadata);
        link.ResolveMembers(metadata);
        link.CompileMethods();
        return link;
    }

    /// <summary>How many member references resolved into the assembly of this name.</summary>
    public int MembersResolvedInto(string assemblyName) => _resolvedMembers.GetValueOrDefault(assemblyName);

    private void ResolveTypes(MetadataReader metadata)
    {
        foreach (TypeReferenceHandle handle in metadata.TypeReferences)
        {
            string name = metadata.GetString(metadata.GetTypeReference(handle).Name);
            Attempt($"type {name}", () => _assembly.ManifestModule.ResolveType(MetadataTokens.GetToken(handle)));
        }
    }

    private void ResolveMembers(MetadataReader metadata)
    {
        foreach (MemberReferenceHandle handle in metadata.MemberReferences)
        {
            string name = metadata.GetString(metadata.GetMemberReference(handle).Name);
            Attempt($"member {name}", () => ResolveMember(MetadataTokens.GetToken(handle)));
        }
    }

    private void ResolveMember(int token)
    {
        Exception? firstError = null;
        foreach (Type[] typeArguments in _genericContexts)
        {
            try
            {
                MemberInfo member = _assembly.ManifestModule.ResolveMember(token, typeArguments, AnyArguments)!;
                string owner = member.DeclaringType!.Assembly.GetName().Name!;
                _resolvedMembers[owner] = MembersResolvedInto(owner) + 1;
                return;
            }
            catch (Exception error)
            {
                firstError ??= error;
            }
        }

        throw firstError!;
    }

    private void CompileMethods()
    {
        const BindingFlags Declared = BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic
            | BindingFlags.Static | BindingFlags.Instance;
        IEnumerable<MethodInfo> methods = _assembly.GetTypes()
            .Where(type => !type.ContainsGenericParameters)
            .SelectMany(type => type.GetMethods(Declared))
            .Where(method => !method.IsAbstract && !method.ContainsGenericParameters)
            // Functions of Windows' own libraries, which the assembly calls on Windows only.
            .Where(method => !method.Attributes.HasFlag(MethodAttributes.PinvokeImpl));
        foreach (MethodInfo method in methods)
        {
            Attempt(
                $"method {method.DeclaringType!.Name}.{method.Name}",
                () => RuntimeHelpers.PrepareMethod(method.MethodHandle));
        }
    }

    private void Attempt(string what, Action resolve)
    {
        try
        {
            resolve();
        }
        catch (Exception error)
        {
            // Whatever the loader throws is the finding.
            _failures.Add($"{what}: {error.GetType().Name}: {error.Message}");
        }
    }
}
