using YMaskNet.Inference;
using YMaskNet.Inference.Frames;
using YMaskNet.Server.Tls;

namespace YMaskNet.Server.Hosting;

/// <summary>What an operator sets, checked; <see cref="ServerSettings"/> lists keys, ranges and defaults.</summary>
internal sealed record ServerOptions
{
    /// <summary>Where the server listens.</summary>
    public required ListenAddress Address { get; init; }

    /// <summary>What TLS on <see cref="Address"/> takes; set where that is encrypted, and only there.</summary>
    public TlsFiles? Tls { get; init; }

    /// <summary>The file of the tokens that calls must carry; <see langword="null"/>: they need none.</summary>
    public string? TokensFile { get; init; }

    /// <summary>How often the files of certificates and tokens are looked at for changes.</summary>
    public required TimeSpan FileWatchInterval { get; init; }

    /// <summary>Where it listens for callers on the same host; <see langword="null"/>: nowhere.</summary>
    public UnixSocketAddress? UnixSocket { get; init; }

    /// <summary>The folder of model packages.</summary>
    public required string ModelsDirectory { get; init; }

    /// <summary><c>name</c> or <c>name/version</c>; <see langword="null"/>: the engine chooses.</summary>
    public string? DefaultModel { get; init; }

    /// <summary>What the models run on.</summary>
    public required DeviceChoice Device { get; init; }

    /// <summary>How many images a model works on at the same time; 0: the engine chooses.</summary>
    public required int Lanes { get; init; }

    /// <summary>Threads of one lane's networks; 0: the cores divided by the lanes.</summary>
    public required int IntraOpThreads { get; init; }

    /// <summary>Whether networks on a GPU run as CUDA graphs.</summary>
    public required bool CudaGraphs { get; init; }

    /// <summary>What the models' networks compute in, by model.</summary>
    public required PerModel<PrecisionChoice> Precision { get; init; }

    /// <summary>How many images may wait for a lane of a model.</summary>
    public required int QueueCapacity { get; init; }

    /// <summary>Longest side of an image. Unit: pixels.</summary>
    public required int MaxImageSide { get; init; }

    /// <summary>Largest area of an image. Unit: pixels.</summary>
    public required int MaxImagePixels { get; init; }

    /// <summary>Largest message from a caller, after decompression. Unit: bytes.</summary>
    public required int MaxRequestBytes { get; init; }

    /// <summary>Largest message to a caller, before compression. Unit: bytes.</summary>
    public required int MaxResponseBytes { get; init; }

    /// <summary>Whether answers are gzipped for callers that accept it.</summary>
    public required bool CompressResponses { get; init; }

    /// <summary>Most memory that callers on the same host may lease, all together; 0: none is leased. Unit: bytes.</summary>
    public required long SharedMemoryBytes { get; init; }

    /// <summary>How long a lease of shared memory may go unused.</summary>
    public required TimeSpan SharedMemoryIdleLimit { get; init; }

    /// <summary>How many boards are in hand at the same time.</summary>
    public required int MaxBoards { get; init; }

    /// <summary>Largest file of a board. Unit: bytes.</summary>
    public required int MaxBoardFileBytes { get; init; }

    /// <summary>How long the next part of a board may take.</summary>
    public required TimeSpan BoardIdleLimit { get; init; }

    /// <summary>How long a shutdown waits for calls in hand.</summary>
    public required TimeSpan ShutdownTimeout { get; init; }

    /// <summary>How many frames of a session are held at most.</summary>
    public required int SessionFrames { get; init; }

    /// <summary>Most images that a lane runs together, by model.</summary>
    public required PerModel<int> MaxBatch { get; init; }

    /// <summary>How long the first of a batch may wait for others, by model.</summary>
    public required PerModel<TimeSpan> MaxBatchDelay { get; init; }

    /// <summary>The largest images and boards that are taken.</summary>
    public FrameLimits FrameLimits => new() { MaxSide = MaxImageSide, MaxPixels = MaxImagePixels };
}
