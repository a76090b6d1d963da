using Grpc.Net.Client.Balancer;

namespace YMaskNet.Client;

/// <summary>What gRPC asks for the servers behind an address: those that the caller named, and those that DNS names.</summary>
internal sealed class ServerResolvers(IReadOnlyList<BalancerAddress> servers) : IServiceProvider
{
    // gRPC by itself asks again only when a connection fails, and would never find a server that was added.
    private static readonly TimeSpan DnsRefreshInterval = TimeSpan.FromSeconds(30);

    private readonly ResolverFactory[] _factories = [new StaticResolverFactory(_ => servers), new DnsResolverFactory(DnsRefreshInterval)];

    public object? GetService(Type serviceType) => serviceType == typeof(IEnumerable<ResolverFactory>) ? _factories : null;
}
