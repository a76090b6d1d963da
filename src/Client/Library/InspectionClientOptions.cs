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
    /// How long a unary call may take, all its tries together, where the call itself says nothing else
    /// (<see cref="InspectionOptions.Timeout"/>). It is sent to the server, which stops working on a call whose time has passed.
    /// Default: <see langword="null"/>, forever.
    /// </summary>
    public TimeSpan? CallTimeout { get; init; }

    /// <summary>Which calls are tried again, and when. Default: up to four tries; <see cref="RetryOptions.None"/> turns it off.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>
    /// How to encrypt the connection. Default: <see langword="null"/>: for <c>https</c> the system's authorities, and <c>dns</c> is
    /// not encrypted.
    /// </summary>
    public TlsOptions? Tls { get; init; }

    /// <summary>
    /// The bearer token that goes with every call as <c>authorization</c>. Refused where the connection would leave this host
    /// unencrypted. Default: <see langword="null"/>, none.
    /// </summary>
    public string? Token { get; init; }

    /// <summary>
    /// Gives the token where it changes; asked before every try. What it throws comes out of the call. Default:
    /// <see langword="null"/>, see <see cref="Token"/>.
    /// </summary>
    public Func<CancellationToken, ValueTask<string>>? TokenProvider { get; init; }

    /// <summary>More headers for every call: names in lower case, and values of printable ASCII. Default: none.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

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

    /// <summary>Nothing of the options, since they hold a token.</summary>
    public override string ToString() => nameof(InspectionClientOptions);
}
