using Grpc.AspNetCore.Server;
using Grpc.Net.Client;

namespace YMaskNet.Packages.Tests.GrpcContracts;

/// <summary>The genuine gRPC server and client bind to the contract assemblies beside them, whoever wrote those.</summary>
public class GenuineAssemblyLinkTests
{
    [Theory]
    [InlineData(typeof(GrpcServiceOptions), "Grpc.Core.Api", 60)]
    [InlineData(typeof(GrpcServiceOptions), "Grpc.Net.Common", 3)]
    [InlineData(typeof(GrpcChannel), "Grpc.Core.Api", 60)]
    [InlineData(typeof(GrpcChannel), "Grpc.Net.Common", 3)]
    public void EveryReference_OfTheGenuineAssembly_Resolves(Type member, string contract, int expectedReferences)
    {
        AssemblyLink link = AssemblyLink.Check(member.Assembly);

        Assert.Empty(link.Failures);
        // Guards the check itself: it must have seen the references that it is about.
        Assert.True(
            link.MembersResolvedInto(contract) >= expectedReferences,
            $"{link.MembersResolvedInto(contract)} references into {contract}");
    }
}
