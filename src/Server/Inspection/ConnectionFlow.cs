using System.Runtime.CompilerServices;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using YMaskNet.Inference;

namespace YMaskNet.Server.Inspection;

/// <summary>The flow of a connection's single calls: connections take turns, however many calls each has in hand.</summary>
internal static class ConnectionFlow
{
    // Not in the connection's own items: Kestrel makes those at their first use, twice when two calls come first at once.
    private static readonly ConditionalWeakTable<IConnectionItemsFeature, InspectionFlow> Flows = [];

    /// <summary>The flow of the connection that a call came on.</summary>
    public static InspectionFlow Of(HttpContext call) =>
        Flows.GetOrCreateValue(call.Features.GetRequiredFeature<IConnectionItemsFeature>());
}
