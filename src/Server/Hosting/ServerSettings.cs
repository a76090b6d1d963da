using YMaskNet.Inference;
using YMaskNet.Server.Tls;

namespace YMaskNet.Server.Hosting;

/// <summary>
/// The keys of the configuration section <c>YMaskNet</c>, and how they become <see cref="ServerOptions"/>. A key can
/// stand in appsettings.json, in the environment (<c>YMaskNet__Lanes</c>) or on the command line (<c>--lanes</c>).
/// </summary>
internal static class ServerSettings
{
    public const string Section = "YMaskNet";

    private const int MaxMessageBytes = 1 << 30;
    private const long MaxSharedMemoryBytes = 1L << 40;

    private const string PerModelForm = SettingReader.PerModelForm;

    private static readonly ServerSetting Address =
        new("Address", "address", "http://127.0.0.1:5080", $"Where to listen: {ListenAddress.Form}.");

    private static readonly ServerSetting Certificate = new(
        "Certificate", "certificate", "", "The certificate of an https address: a PEM file, or a PFX file with its key.");

    private static readonly ServerSetting CertificateKey =
        new("CertificateKey", "certificate-key", "", "PEM file of the certificate's key, unless that stands in the certificate's file.");

    private static readonly ServerSetting CertificatePassword =
        new("CertificatePassword", "", "", "Password of the PFX file or of the key.");

    private static readonly ServerSetting ClientCa = new(
        "ClientCa", "client-ca", "", "PEM file of authorities: callers over https must have a certificate of one of them; empty: they need none.");

    private static readonly ServerSetting Tokens = new(
        "Tokens", "tokens", "",
        "File of tokens, NAME:TOKEN or NAME:sha256:HEX a line: calls must carry one of them; empty: they need none.");

    private static readonly ServerSetting FileWatchSeconds = new(
        "FileWatchSeconds", "file-watch-seconds", "10",
        "How often the files of certificates and tokens are looked at for changes, 1 to 86400 seconds.");

    private static readonly ServerSetting UnixSocket =
        new("UnixSocket", "unix-socket", "", "Path of a Unix socket to listen on too, for callers on this host; empty: none.");

    private static readonly ServerSetting UnixSocketAccess =
        new("UnixSocketAccess", "unix-socket-access", "user", "Who may connect to the Unix socket: the server's user, or its group too.");

    private static readonly ServerSetting ModelsDirectory =
        new("ModelsDirectory", "models", "models", "Folder of model packages, name/version/model.json in it.");

    private static readonly ServerSetting DefaultModel =
        new("DefaultModel", "default-model", "", "NAME or NAME/VERSION for requests that name no model.");

    private static readonly ServerSetting Device =
        new("Device", "device", "auto", "What models run on: auto (the first usable GPU, else the CPU), cpu, or cuda:N.");

    private static readonly ServerSetting Lanes =
        new("Lanes", "lanes", "0", "Images that a model works on at the same time, 0 to 64; 0: one for each core, at most 8; on a GPU one.");

    private static readonly ServerSetting IntraOpThreads =
        new("IntraOpThreads", "threads", "0", "Threads of a lane's networks, 0 to 256; 0: cores divided by lanes.");

    private static readonly ServerSetting CudaGraphs =
        new("CudaGraphs", "cuda-graphs", "off", "On a GPU, whether networks are recorded at the start and launched as CUDA graphs: on or off.");

    private static readonly ServerSetting Precision =
        new(
            "Precision", "precision", "auto",
            $"What networks compute in, auto (as a model prefers on this processor), fp32 or int8: {PerModelForm}.");

    private static readonly ServerSetting QueueCapacity =
        new("QueueCapacity", "queue-capacity", "64", "Images that may wait for a lane of a model, 1 to 4096.");

    private static readonly ServerSetting MaxBatch =
        new("MaxBatch", "max-batch", "1", $"Images that a lane runs together, 1 to 64: {PerModelForm}.");

    private static readonly ServerSetting MaxBatchDelay =
        new("MaxBatchDelayMs", "max-batch-delay-ms", "0", $"How long a batch may wait to fill, 0 to 1000 milliseconds: {PerModelForm}.");

    private static readonly ServerSetting SessionFrames =
        new("SessionFrames", "session-frames", "8", "Frames that a session may have waiting or inspected, 1 to 256.");

    private static readonly ServerSetting MaxImageSide =
        new("MaxImageSide", "max-image-side", "65535", "Longest side of an image in pixels, 1 to 65535.");

    private static readonly ServerSetting MaxImagePixels =
        new("MaxImagePixels", "max-image-pixels", "268435456", "Largest area of an image in pixels, 1 to 1073741824.");

    private static readonly ServerSetting MaxRequestBytes =
        new("MaxRequestBytes", "max-request-bytes", "67108864", "Largest message from a caller in bytes, 4096 to 1073741824.");

    private static readonly ServerSetting MaxResponseBytes =
        new("MaxResponseBytes", "max-response-bytes", "67108864", "Largest message to a caller in bytes, 4096 to 1073741824.");

    private static readonly ServerSetting ResponseCompression =
        new("ResponseCompression", "response-compression", "none", "Compression of answers for callers that accept it: none or gzip.");

    private static readonly ServerSetting SharedMemoryBytes = new(
        "SharedMemoryBytes", "shared-memory-bytes", "0",
        "Memory that callers on the Unix socket may lease for images, all together, 0 to 1099511627776 bytes; 0: off.");

    private static readonly ServerSetting SharedMemoryIdleSeconds = new(
        "SharedMemoryIdleSeconds", "shared-memory-idle-seconds", "60",
        "How long leased memory may go unused and unrenewed before it is taken back, 1 to 86400 seconds.");

    private static readonly ServerSetting ShutdownSeconds =
        new("ShutdownSeconds", "shutdown-seconds", "30", "How long a shutdown waits for calls in hand, 1 to 3600 seconds.");

    private static readonly ServerSetting MaxBoards =
        new("MaxBoards", "max-boards", "2", "Boards in hand at the same time, 1 to 64; more are refused.");

    private static readonly ServerSetting MaxBoardFileBytes =
        new("MaxBoardFileBytes", "max-board-file-bytes", "268435456", "Largest file of a board in bytes, 4096 to 1073741824.");

    private static readonly ServerSetting BoardIdleSeconds =
        new("BoardIdleSeconds", "board-idle-seconds", "60", "How long the next part of a board may take to come, 1 to 86400 seconds.");

    /// <summary>All settings, in the order of <c>--help</c>.</summary>
    public static IReadOnlyList<ServerSetting> All { get; } =
    [
        Address, Certificate, CertificateKey, CertificatePassword, ClientCa, Tokens, FileWatchSeconds, UnixSocket, UnixSocketAccess,
        ModelsDirectory, DefaultModel, Device, Lanes, IntraOpThreads, CudaGraphs, Precision, QueueCapacity,
        MaxBatch, MaxBatchDelay, SessionFrames, MaxImageSide, MaxImagePixels, MaxRequestBytes, MaxResponseBytes,
        ResponseCompression, SharedMemoryBytes, SharedMemoryIdleSeconds, MaxBoards, MaxBoardFileBytes, BoardIdleSeconds,
        ShutdownSeconds,
    ];

    /// <summary>Reads and checks the section.</summary>
    /// <exception cref="StartupException">A key is unknown or a value is out of its range; the message names both.</exception>
    public static ServerOptions Read(IConfiguration configuration)
    {
        IConfigurationSection section = configuration.GetSection(Section);
        foreach (IConfigurationSection child in section.GetChildren())
        {
            // A misspelt key would otherwise leave its default standing without a word.
            if (!All.Any(setting => setting.Key.Equals(child.Key, StringComparison.OrdinalIgnoreCase)))
                throw SettingReader.Invalid($"{child.Path} is not a setting; there are {string.Join(", ", All.Select(s => s.Key))}");
        }

        SettingReader read = new(section);
        if (!ListenAddress.TryParse(read.Text(Address), out ListenAddress address))
            throw read.OutOfRange(Address, ListenAddress.Form);
        UnixSocketAddress? unixSocket = ReadUnixSocket(read);
        return new ServerOptions
        {
            Address = address,
            Tls = ReadTls(read, address),
            TokensFile = ReadTokens(read, address),
            FileWatchInterval = TimeSpan.FromSeconds(read.WholeNumber(FileWatchSeconds, 1, 86_400)),
            UnixSocket = unixSocket,
            ModelsDirectory = read.Text(ModelsDirectory) is { Length: > 0 } directory
                ? directory
                : throw read.OutOfRange(ModelsDirectory, "the path of a folder"),
            DefaultModel = read.Text(DefaultModel) is { Length: > 0 } model ? model : null,
            Device = DeviceChoice.TryParse(read.Text(Device), out DeviceChoice device)
                ? device
                : throw read.OutOfRange(Device, "auto, cpu or cuda:N"),
            Lanes = read.WholeNumber(Lanes, 0, 64),
            IntraOpThreads = read.WholeNumber(IntraOpThreads, 0, 256),
            CudaGraphs = read.Text(CudaGraphs).ToLowerInvariant() switch
            {
                "off" => false,
                "on" => true,
                _ => throw read.OutOfRange(CudaGraphs, "on or off"),
            },
            Precision = read.PerModel(Precision, PrecisionOf, $"{PerModelForm}, each N auto, fp32 or int8"),
            QueueCapacity = read.WholeNumber(QueueCapacity, 1, 4096),
            MaxBatch = read.WholeNumbers(MaxBatch, 1, 64),
            MaxBatchDelay = read.WholeNumbers(MaxBatchDelay, 0, 1000).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)),
            SessionFrames = read.WholeNumber(SessionFrames, 1, 256),
            MaxImageSide = read.WholeNumber(MaxImageSide, 1, 65535),
            MaxImagePixels = read.WholeNumber(MaxImagePixels, 1, 1 << 30),
            MaxRequestBytes = read.WholeNumber(MaxRequestBytes, 4096, MaxMessageBytes),
            MaxResponseBytes = read.WholeNumber(MaxResponseBytes, 4096, MaxMessageBytes),
            CompressResponses = read.Text(ResponseCompression).ToLowerInvariant() switch
            {
                "none" => false,
                "gzip" => true,
                _ => throw read.OutOfRange(ResponseCompression, "none or gzip"),
            },
            SharedMemoryBytes = ReadSharedMemoryBytes(read, unixSocket),
            SharedMemoryIdleLimit = TimeSpan.FromSeconds(read.WholeNumber(SharedMemoryIdleSeconds, 1, 86_400)),
            MaxBoards = read.WholeNumber(MaxBoards, 1, 64),
            MaxBoardFileBytes = read.WholeNumber(MaxBoardFileBytes, 4096, MaxMessageBytes),
            BoardIdleLimit = TimeSpan.FromSeconds(read.WholeNumber(BoardIdleSeconds, 1, 86_400)),
            ShutdownTimeout = TimeSpan.FromSeconds(read.WholeNumber(ShutdownSeconds, 1, 3600)),
        };
    }

    private static TlsFiles? ReadTls(SettingReader read, ListenAddress address)
    {
        string? Text(ServerSetting setting) => read.Text(setting) is { Length: > 0 } text ? text : null;

        if (Text(Certificate) is not { } certificate)
        {
            if (address.IsEncrypted)
                throw SettingReader.Invalid($"{Address.Path} is {address}, which needs a certificate; name its file with --certificate");
            return new[] { CertificateKey, CertificatePassword, ClientCa }.FirstOrDefault(setting => Text(setting) is not null) is { } alone
                ? throw SettingReader.Invalid($"{alone.Path} is set, but {Certificate.Path} is not; name the certificate's file with --certificate")
                : null;
        }

        return address.IsEncrypted
            ? new TlsFiles(
                Path.GetFullPath(certificate),
                Text(CertificateKey) is { } key ? Path.GetFullPath(key) : null,
                Text(CertificatePassword),
                Text(ClientCa) is { } authorities ? Path.GetFullPath(authorities) : null)
            : throw SettingReader.Invalid($"{Certificate.Path} is set, but {Address.Path} is {address}; write https, or leave the certificate out");
    }

    private static string? ReadTokens(SettingReader read, ListenAddress address)
    {
        if (read.Text(Tokens) is not { Length: > 0 } path)
            return null;

        return address.IsEncrypted || address.IsLoopback
            ? Path.GetFullPath(path)
            : throw SettingReader.Invalid(
                $"{Tokens.Path} is set, but {Address.Path} is {address}, where everybody on the way could read the tokens; write https, or listen on a loopback address");
    }

    private static PrecisionChoice? PrecisionOf(string text) => text.ToLowerInvariant() switch
    {
        "auto" => PrecisionChoice.Auto,
        "fp32" => PrecisionChoice.Fp32,
        "int8" => PrecisionChoice.Int8,
        _ => null,
    };

    private static UnixSocketAddress? ReadUnixSocket(SettingReader read)
    {
        bool groupMayConnect = read.Text(UnixSocketAccess).ToLowerInvariant() switch
        {
            "user" => false,
            "group" => true,
            _ => throw read.OutOfRange(UnixSocketAccess, "user or group"),
        };
        return read.Text(UnixSocket) is { Length: > 0 } path ? UnixSocketAddress.Parse(path, groupMayConnect) : null;
    }

    private static long ReadSharedMemoryBytes(SettingReader read, UnixSocketAddress? unixSocket)
    {
        long bytes = read.WholeNumber(SharedMemoryBytes, 0, MaxSharedMemoryBytes);
        return bytes == 0 || unixSocket is not null
            ? bytes
            : throw SettingReader.Invalid($"{SharedMemoryBytes.Path} is {bytes}, but memory is leased on a Unix socket only; set one with --unix-socket");
    }
}
