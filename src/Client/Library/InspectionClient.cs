using System.Net.Sockets;
using Grpc.Core;
using Grpc.Net.Client;
using YMaskNet.V1;

namespace YMaskNet.Client;

/// <summary>
/// Inspects images with a YMaskNet server. One client serves any number of concurrent calls; make one and keep it.
/// </summary>
/// <remarks>
/// Every method throws <see cref="InspectionFailedException"/> when the server refuses or fails, or can't be reached, and
/// <see cref="OperationCanceledException"/> when its token was cancelled.
/// </remarks>
public sealed class InspectionClient : IDisposable
{
    // HTTP/2 wants a host in every request; on a Unix socket nothing reads it.
    private static readonly Uri AuthorityOverUnixSocket = new("http://localhost");

    private readonly GrpcChannel _channel;
    private readonly InspectionService.InspectionServiceClient _inspection;
    private readonly ModelService.ModelServiceClient _models;
    private readonly SharedMemoryService.SharedMemoryServiceClient _sharedMemory;
    private readonly BoardService.BoardServiceClient _boards;
    private readonly TimeSpan? _callTimeout;

    private InspectionClient(GrpcChannel channel, TimeSpan? callTimeout)
    {
        _channel = channel;
        _callTimeout = callTimeout;
        _inspection = new InspectionService.InspectionServiceClient(channel);
        _models = new ModelService.ModelServiceClient(channel);
        _sharedMemory = new SharedMemoryService.SharedMemoryServiceClient(channel);
        _boards = new BoardService.BoardServiceClient(channel);
    }

    /// <summary>A client of the server at an address. The connection is set up by the first call.</summary>
    /// <param name="address">
    /// <c>http://host:port</c>, or <c>https://host:port</c> for TLS; on the same host also <c>unix:///path</c>, see
    /// <see cref="UnixSocketAddress"/>.
    /// </param>
    /// <param name="options">How to talk to it. Default: the options' own defaults.</param>
    /// <exception cref="FormatException">The address of a Unix socket can't be one.</exception>
    public static InspectionClient Connect(string address, InspectionClientOptions? options = null) =>
        Connect(new Uri(address, UriKind.Absolute), options);

    /// <inheritdoc cref="Connect(string, InspectionClientOptions?)"/>
    public static InspectionClient Connect(Uri address, InspectionClientOptions? options = null)
    {
        options ??= new InspectionClientOptions();
        SocketsHttpHandler handler = new()
        {
            ConnectTimeout = options.ConnectTimeout,
            KeepAlivePingDelay = options.KeepAliveInterval,
            KeepAlivePingTimeout = options.KeepAliveTimeout,
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
            PooledConnectionIdleTimeout = Timeout.InfiniteTimeSpan,
            EnableMultipleHttp2Connections = true,

            // gRPC needs HTTP/2 all the way; a forward proxy from the environment would break plain connections.
            UseProxy = false,
        };
        if (UnixSocketAddress.IsUnixSocket(address))
        {
            UnixDomainSocketEndPoint socket = UnixSocketAddress.Parse(address);
            handler.ConnectCallback = (_, cancellationToken) => UnixSocketAddress.ConnectAsync(socket, cancellationToken);
            address = AuthorityOverUnixSocket;
        }

        GrpcChannel channel = GrpcChannel.ForAddress(address, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,
            MaxSendMessageSize = options.MaxMessageBytes,
            MaxReceiveMessageSize = options.MaxMessageBytes,
        });
        return new InspectionClient(channel, options.CallTimeout);
    }

    /// <summary>Finds defects with the first stage alone: boxes, classes, scores, no masks.</summary>
    public Task<DetectResponse> DetectAsync(
        ImageInput image, InspectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new InspectionOptions();
        DetectRequest request = new()
        {
            Image = image.Message,
            Model = options.Model,
            Options = options.ToDetectionOptions(),
        };
        return Call(_inspection.DetectAsync, request, cancellationToken);
    }

    /// <summary>Outlines the caller's boxes (instance models), or segments the whole image (semantic models).</summary>
    /// <param name="image">The image.</param>
    /// <param name="rois">The boxes for an instance model; none for a semantic one.</param>
    /// <param name="options">Model and mask format.</param>
    /// <param name="cancellationToken">Cancels the call, on the server too.</param>
    public Task<SegmentResponse> SegmentAsync(
        ImageInput image,
        IEnumerable<RegionOfInterest>? rois = null,
        InspectionOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        options ??= new InspectionOptions();
        SegmentRequest request = new()
        {
            Image = image.Message,
            Model = options.Model,
            MaskFormat = options.MaskFormat,
            IncludeClassMap = options.IncludeClassMap,
        };
        if (options.MinRegionArea is { } minRegionArea)
            request.MinRegionArea = minRegionArea;
        if (rois is not null)
            request.Rois.AddRange(rois);
        return Call(_inspection.SegmentAsync, request, cancellationToken);
    }

    /// <summary>Both stages: finds defects, refines their boxes and classes, outlines them.</summary>
    public Task<DetectAndSegmentResponse> DetectAndSegmentAsync(
        ImageInput image, InspectionOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new InspectionOptions();
        DetectAndSegmentRequest request = new()
        {
            Image = image.Message,
            Model = options.Model,
            Options = options.ToDetectionOptions(),
            MaskFormat = options.MaskFormat,
        };
        return Call(_inspection.DetectAndSegmentAsync, request, cancellationToken);
    }

    /// <summary>Opens a session: one task and one model for a stream of frames. Dispose of it when done.</summary>
    /// <param name="options">What to do with every frame.</param>
    /// <param name="cancellationToken">Cancels the opening; it has no effect on the session once that stands.</param>
    public Task<InspectionSession> OpenSessionAsync(SessionOptions options, CancellationToken cancellationToken = default) =>
        InspectionSession.OpenAsync(_inspection, options, cancellationToken);

    /// <summary>
    /// Leases memory that the server shares, so that images need not be sent: for clients on the server's Unix socket, where
    /// the server leases memory. Dispose of it when done.
    /// </summary>
    /// <param name="slotBytes">Least size of a slot, which holds one image. Unit: bytes. Range: at least 1.</param>
    /// <param name="slotCount">Number of slots: images that are filled or inspected at the same time. Range: 1 to 1024.</param>
    /// <param name="cancellationToken">Cancels the opening; it has no effect on the lease once that stands.</param>
    public Task<SharedMemoryLease> LeaseSharedMemoryAsync(
        long slotBytes, int slotCount, CancellationToken cancellationToken = default) =>
        SharedMemoryLease.OpenAsync(_sharedMemory, slotBytes, slotCount, cancellationToken);

    /// <summary>
    /// Inspects a board, sent in pieces. While the server's tiles wait for their turn, nothing more of the board is drawn from its
    /// source: what is on its way is bounded, however large the board.
    /// </summary>
    /// <param name="board">The board.</param>
    /// <param name="options">What to do. No deadline is set but <see cref="BoardOptions.Timeout"/>.</param>
    /// <param name="progress">Told how much has been sent.</param>
    /// <param name="cancellationToken">Cancels the call, on the server too.</param>
    /// <exception cref="IOException">The board can't be read, or ended before its length.</exception>
    public Task<InspectBoardResponse> InspectBoardAsync(
        BoardInput board,
        BoardOptions options,
        IProgress<BoardProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        BoardCall.RunAsync(_boards, board, options, progress, cancellationToken);

    /// <summary>All models that the server holds, by name, then by version, and which one is the default.</summary>
    public Task<ListModelsResponse> ListModelsAsync(CancellationToken cancellationToken = default) =>
        Call(_models.ListModelsAsync, new ListModelsRequest(), cancellationToken);

    /// <summary>What is known of one model.</summary>
    /// <param name="model"><c>name</c> (the highest version) or <c>name/version</c>. Default: empty, the server's default model.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Model> GetModelAsync(string model = "", CancellationToken cancellationToken = default)
    {
        GetModelResponse response = await Call(_models.GetModelAsync, new GetModelRequest { Model = model }, cancellationToken)
            .ConfigureAwait(false);
        return response.Model;
    }

    /// <summary>Where each node of a model's networks, and each operator around them, runs.</summary>
    /// <param name="model"><c>name</c> (the highest version) or <c>name/version</c>. Default: empty, the server's default model.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<GetPlacementResponse> GetPlacementAsync(string model = "", CancellationToken cancellationToken = default) =>
        Call(_models.GetPlacementAsync, new GetPlacementRequest { Model = model }, cancellationToken);

    /// <summary>Closes the connection. Calls that still run fail.</summary>
    public void Dispose() => _channel.Dispose();

    private async Task<TResponse> Call<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> method, TRequest request, CancellationToken cancellationToken)
    {
        CallOptions callOptions = new(deadline: DateTime.UtcNow + _callTimeout, cancellationToken: cancellationToken);
        try
        {
            using AsyncUnaryCall<TResponse> call = method(request, callOptions);
            return await call.ResponseAsync.ConfigureAwait(false);
        }
        catch (RpcException exception)
        {
            throw RpcFailures.Translate(exception, cancellationToken);
        }
    }
}
