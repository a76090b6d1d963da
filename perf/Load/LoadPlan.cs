using YMaskNet.Client;
using YMaskNet.V1;

namespace YMaskNet.Perf.Load;

/// <summary>What to load a server with.</summary>
/// <param name="Server">Its address.</param>
/// <param name="Model">The model; empty: the server's default.</param>
/// <param name="Task">What it is to do.</param>
/// <param name="Images">Images to send, in turn.</param>
/// <param name="Callers">Connections with calls in hand, or sessions. Range: >= 1.</param>
/// <param name="InHand">Calls that a connection has in hand, where there is no rate. Range: >= 1.</param>
/// <param name="PerSecond">Arrivals of all callers; 0: as much as the server takes.</param>
/// <param name="Time">How long arrivals come.</param>
internal sealed record LoadPlan(
    string Server, string Model, V1.Task Task, IReadOnlyList<ImageInput> Images, int Callers, int InHand, double PerSecond, TimeSpan Time)
{
    /// <summary>Sessions: what happens to frames that come too fast.</summary>
    public FramePolicy Policy { get; init; } = FramePolicy.Block;

    /// <summary>Sessions: how long after its arrival a frame is of use; <see langword="null"/>: for ever.</summary>
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Sessions: whether raw images lie in memory that the server shares.</summary>
    public bool SharesMemory { get; init; }

    /// <summary>The image of an arrival.</summary>
    public ImageInput ImageOf(long index) => Images[(int)(index % Images.Count)];
}
