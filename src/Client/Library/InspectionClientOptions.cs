namespace YMaskNet.Client;

/// <summary>How an <see cref="InspectionClient"/> talks to its server.</summary>
public sealed record InspectionClientOptions
{
    /// <summary>
    /// Largest message sent or received. Unit: bytes. Range: at least 1. The default, 256 MiB, holds an
    /// uncompressed 16-bit frame of 134 megapixels; the server has a limit of its own.
    /// </summary>
    public int MaxMessageBytes { get; init; } = 256 * 1024 * 1024;

    /// <summary>
    /// Deadline of every unary call, sent to the server, which stops working on a call whose deadline has passed.
    /// Default: <see langword="null"/>, none.
    /// </summary>
    public TimeSpan? CallTimeout { get; init; }

    /// <summary>How long setting up a TCP connection may take. Default: 5 seconds.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>
    /// While calls run and nothing has come from the server for this long, it is pinged. Default: 20 seconds.
    /// </summary>
    public TimeSpan KeepAliveInterval { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>
    /// A server that leaves a ping unanswered for this long is given up: its calls fail with
    /// <see cref="Grpc.Core.StatusCode.Unavailable"/> instead of waiting forever. Default: 10 seconds.
    /// </summary>
    public TimeSpan KeepAliveTimeout { get; init; } = TimeSpan.FromSeconds(10);
}
