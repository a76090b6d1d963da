using System.Runtime.CompilerServices;
using Grpc.Core;
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
    private readonly Connection _connection;
    private readonly InspectionService.InspectionServiceClient _inspection;
    private readonly ModelService.ModelServiceClient _models;
    private readonly SharedMemoryService.SharedMemoryServiceClient _sharedMemory;
    private readonly BoardService.BoardServiceClient _boards;
    private readonly TimeSpan? _callTimeout;

    private InspectionClient(Connection connection, TimeSpan? callTimeout)
    {
        _connection = connection;
        _callTimeout = callTimeout;
        _inspection = new InspectionService.InspectionServiceClient(connection.Channel);
        _models = new ModelService.ModelServiceClient(connection.Channel);
        _sharedMemory = new SharedMemoryService.SharedMemoryServiceClient(connection.Channel);
        _boards = new BoardService.BoardServiceClient(connection.Channel);
    }

    /// <summary>A client of the server at an address. The connection is set up by the first call.</summary>
    /// <param name="address">
    /// <c>http://host:port</c>, or <c>https://host:port</c> for TLS; on the same host also <c>unix:///path</c>, see
    /// <see cref="UnixSocketAddress"/>. <c>dns:///host:port</c> is every server that DNS knows under a name, now or later: calls
    /// are shared out among them, as by <see cref="Connect(IEnumerable{string}, InspectionClientOptions?)"/>, and encrypted where
    /// <see cref="InspectionClientOptions.Tls"/> is set.
    /// </param>
    /// <param name="options">How to talk to it. Default: the options' own defaults.</param>
    /// <exception cref="FormatException">It is no address of a server.</exception>
    /// <exception cref="ArgumentException">An option is out of range, or does not go with the address.</exception>
    public static InspectionClient Connect(string address, InspectionClientOptions? options = null) =>
        Connect(new Uri(address, UriKind.Absolute), options);

    /// <inheritdoc cref="Connect(string, InspectionClientOptions?)"/>
    public static InspectionClient Connect(Uri address, InspectionClientOptions? options = null) => Open([address], options);

    /// <summary>
    /// A client of several servers, which hold the same models. Calls, sessions and boards go to the servers in turn; one that
    /// can't be reached is left out until it is back. A call that a server did not answer is tried again on the next one, as
    /// <see cref="InspectionClientOptions.Retry"/> says; a session that breaks is the caller's to open again.
    /// </summary>
    /// <param name="addresses">One <c>http://host:port</c> or <c>https://host:port</c> for each server, all of the same kind.</param>
    /// <param name="options">How to talk to them. Default: the options' own defaults.</param>
    /// <exception cref="FormatException">One is no address of a server, or they are of different kinds.</exception>
    /// <exception cref="ArgumentException">There is none, or an option is out of range or does not go with the addresses.</exception>
    public static InspectionClient Connect(IEnumerable<string> addresses, InspectionClientOptions? options = null) =>
        Open([.. addresses.Select(address => new Uri(address, UriKind.Absolute))], options);

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
        return Call(_inspection.DetectAsync, request, options.Timeout, cancellationToken);
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
        return Call(_inspection.SegmentAsync, request, options.Timeout, cancellationToken);
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
        return Call(_inspection.DetectAndSegmentAsync, request, options.Timeout, cancellationToken);
    }

    /// <summary>Opens a session: one task and one model for a stream of frames. Dispose of it when done.</summary>
    /// <param name="options">What to do with every frame.</param>
    /// <param name="cancellationToken">Cancels the opening; it has no effect on the session once that stands.</param>
    public Task<InspectionSession> OpenSessionAsync(SessionOptions options, CancellationToken cancellationToken = default) =>
        _connection.CallAsync(
            call => InspectionSession.OpenAsync(_inspection, options, call), options.OpeningTimeout, mayRepeat: true, cancellationToken);

    /// <summary>
    /// Inspects a stream of frames and gives their results as they come, in order: a session from its opening to its end. At
    /// most <see cref="InspectionSession.MaxFramesInFlight"/> frames are drawn whose results have not been taken.
    /// </summary>
    /// <param name="frames">The frames. They are drawn concurrently with the results, and should honour their token.</param>
    /// <param name="options">What to do with every frame.</param>
    /// <param name="cancellationToken">Ends the session, on the server too; leaving the loop does so as well.</param>
    public async IAsyncEnumerable<FrameResult> InspectStreamAsync(
        IAsyncEnumerable<Frame> frames, SessionOptions options, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        InspectionSession session = await OpenSessionAsync(options, cancellationToken).ConfigureAwait(false);
        await using (session.ConfigureAwait(false))
        {
            await foreach (FrameResult result in session.InspectAsync(frames, cancellationToken).ConfigureAwait(false))
                yield return result;
        }
    }

    /// <summary>
    /// Leases memory that the server shares, so that images need not be sent: for clients on the server's Unix socket, where
    /// the server leases memory. Dispose of it when done.
    /// </summary>
    /// <param name="slotBytes">Least size of a slot, which holds one image. Unit: bytes. Range: at least 1.</param>
    /// <param name="slotCount">Number of slots: images that are filled or inspected at the same time. Range: 1 to 1024.</param>
    /// <param name="cancellationToken">Cancels the opening; it has no effect on the lease once that stands.</param>
    public Task<SharedMemoryLease> LeaseSharedMemoryAsync(
        long slotBytes, int slotCount, CancellationToken cancellationToken = default) =>
        _connection.CallAsync(
            call => SharedMemoryLease.OpenAsync(_sharedMemory, slotBytes, slotCount, call), timeout: null, mayRepeat: true, cancellationToken);

    /// <summary>
    /// Inspects a board, sent in pieces. While the server's tiles wait for their turn, nothing more of the board is drawn from its
    /// source: what is on its way is bounded, however large the board.
    /// </summary>
    /// <param name="board">The board.</param>
    /// <param name="options">What to do. No deadline is set but <see cref="BoardOptions.Timeout"/>.</param>
    /// <param name="progress">Told how much has been sent; from 0 again when the board is sent again.</param>
    /// <param name="cancellationToken">Cancels the call, on the server too.</param>
    /// <exception cref="IOException">The board can't be read, or ended before its length.</exception>
    public Task<InspectBoardResponse> InspectBoardAsync(
        BoardInput board,
        BoardOptions options,
        IProgress<BoardProgress>? progress = null,
        CancellationToken cancellationToken = default) =>
        _connection.CallAsync(
            call => BoardCall.RunAsync(_boards, board, options, progress, call), options.Timeout, board.CanBeReadAgain, cancellationToken);

    /// <summary>All models that the server holds, by name, then by version, and which one is the default.</summary>
    public Task<ListModelsResponse> ListModelsAsync(CancellationToken cancellationToken = default) =>
        Call(_models.ListModelsAsync, new ListModelsRequest(), timeout: null, cancellationToken);

    /// <summary>What is known of one model.</summary>
    /// <param name="model"><c>name</c> (the highest version) or <c>name/version</c>. Default: empty, the server's default model.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public async Task<Model> GetModelAsync(string model = "", CancellationToken cancellationToken = default)
    {
        GetModelRequest request = new() { Model = model };
        GetModelResponse response = await Call(_models.GetModelAsync, request, timeout: null, cancellationToken).ConfigureAwait(false);
        return response.Model;
    }

    /// <summary>Where each node of a model's networks, and each operator around them, runs.</summary>
    /// <param name="model"><c>name</c> (the highest version) or <c>name/version</c>. Default: empty, the server's default model.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public Task<GetPlacementResponse> GetPlacementAsync(string model = "", CancellationToken cancellationToken = default) =>
        Call(_models.GetPlacementAsync, new GetPlacementRequest { Model = model }, timeout: null, cancellationToken);

    /// <summary>Closes the connection. Calls that still run fail.</summary>
    public void Dispose() => _connection.Dispose();

    private static InspectionClient Open(IReadOnlyList<Uri> addresses, InspectionClientOptions? options)
    {
        options ??= new InspectionClientOptions();
        return new InspectionClient(Connection.Open(addresses, options), options.CallTimeout);
    }

    private Task<TResponse> Call<TRequest, TResponse>(
        Func<TRequest, CallOptions, AsyncUnaryCall<TResponse>> method, TRequest request, TimeSpan? timeout, CancellationToken cancellationToken) =>
        _connection.CallAsync(
            async options =>
            {
                using AsyncUnaryCall<TResponse> call = method(request, options);
                return await call.ResponseAsync.ConfigureAwait(false);
            },
            timeout ?? _callTimeout,
            mayRepeat: true,
            cancellationToken);
}
