using System.Reflection;

namespace YMaskNet.Packages.Tests;

/// <summary>Tells the stand-ins in <c>packages/</c> from the genuine assemblies of the same names.</summary>
internal static class StandIn
{
    public static bool Is(Assembly assembly) =>
        assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Any(entry => entry.Key == "YMaskNet.StandIn");
}
