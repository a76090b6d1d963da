using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using YMaskNet.Inference;

namespace YMaskNet.Server.Inspection;

/// <summary>The flow of a connection's single calls: connections take turns, however many calls each has in hand.</summary>
internal static class ConnectionFlow
{
    private static readonly object Key = new();

    /// <summary>The flow of the connection that a call came on.</summary>
    public static InspectionFlow Of(HttpContext call)
    {
        IDictionary<object, object?> items = call.Features.GetRequiredFeature<IConnectionItemsFeature>().Items;
        lock (items)
        {
            if (items.TryGetValue(Key, out object? known))
                return (InspectionFlow)known!;
            InspectionFlow flow = new();
            items.Add(Key, flow);
            return flow;
        }
    }
}
