using System.Globalization;
using System.Numerics;
using YMaskNet.Inference;

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

    private const string PerModelForm = "N for all models, or N,NAME=N,... with other values for some";

    private static readonly ServerSetting Address =
        new("Address", "address", "http://127.0.0.1:5080", $"Where to listen: {ListenAddress.Form}.");

    private static readonly ServerSetting UnixSocket =
        new("UnixSocket", "unix-socket", "", "Path of a Unix socket to listen on too, for callers on this host; empty: none.");

    private static readonly ServerSetting UnixSocketAccess =
        new("UnixSocketAccess", "unix-socket-access", "user", "Who may connect to the Unix socket: the server's user, or its group too.");

    private static readonly ServerSetting ModelsDirectory =
        new("ModelsDirectory", "models", "models", "Folder of model packages, name/version/model.json in it.");

    private static readonly ServerSetting DefaultModel =
        new("DefaultModel", "default-model", "", "NAME or NAME/VERSION for requests that name no model.");

    private static readonly ServerSetting Lanes =
        new("Lanes", "lanes", "1", "Images that a model works on at the same time, 1 to 64.");

    private static readonly ServerSetting IntraOpThreads =
        new("IntraOpThreads", "threads", "0", "Threads of a lane's networks, 0 to 256; 0: cores divided by lanes.");

    private static readonly ServerSetting Precision =
        new("Precision", "precision", "auto", "What networks compute in: auto (as a model prefers on this processor), fp32 or int8.");

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

    /// <summary>All settings, in the order of <c>--help</c>.</summary>
    public static IReadOnlyList<ServerSetting> All { get; } =
    [
        Address, UnixSocket, UnixSocketAccess, ModelsDirectory, DefaultModel, Lanes, IntraOpThreads, Precision, QueueCapacity,
        MaxBatch, MaxBatchDelay, SessionFrames, MaxImageSide, MaxImagePixels, MaxRequestBytes, MaxResponseBytes,
        ResponseCompression, SharedMemoryBytes, SharedMemoryIdleSeconds, MaxBoards, MaxBoardFileBytes, ShutdownSeconds,
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
                throw Invalid($"{child.Path} is not a setting; there are {string.Join(", ", All.Select(s => s.Key))}");
        }

        UnixSocketAddress? unixSocket = ReadUnixSocket(section);
        return new ServerOptions
        {
            Address = ListenAddress.TryParse(Text(section, Address), out ListenAddress address)
                ? address
                : throw OutOfRange(section, Address, ListenAddress.Form),
            UnixSocket = unixSocket,
            ModelsDirectory = Text(section, ModelsDirectory) is { Length: > 0 } directory
                ? directory
                : throw OutOfRange(section, ModelsDirectory, "the path of a folder"),
            DefaultModel = Text(section, DefaultModel) is { Length: > 0 } model ? model : null,
            Lanes = WholeNumber(section, Lanes, 1, 64),
            IntraOpThreads = WholeNumber(section, IntraOpThreads, 0, 256),
            Precision = Text(section, Precision).ToLowerInvariant() switch
            {
                "auto" => PrecisionChoice.Auto,
                "fp32" => PrecisionChoice.Fp32,
                "int8" => PrecisionChoice.Int8,
                _ => throw OutOfRange(section, Precision, "auto, fp32 or int8"),
            },
            QueueCapacity = WholeNumber(section, QueueCapacity, 1, 4096),
            MaxBatch = WholeNumbers(section, MaxBatch, 1, 64),
            MaxBatchDelay = WholeNumbers(section, MaxBatchDelay, 0, 1000).Select(milliseconds => TimeSpan.FromMilliseconds(milliseconds)),
            SessionFrames = WholeNumber(section, SessionFrames, 1, 256),
            MaxImageSide = WholeNumber(section, MaxImageSide, 1, 65535),
            MaxImagePixels = WholeNumber(section, MaxImagePixels, 1, 1 << 30),
            MaxRequestBytes = WholeNumber(section, MaxRequestBytes, 4096, MaxMessageBytes),
            MaxResponseBytes = WholeNumber(section, MaxResponseBytes, 4096, MaxMessageBytes),
            CompressResponses = Text(section, ResponseCompression).ToLowerInvariant() switch
            {
                "none" => false,
                "gzip" => true,
                _ => throw OutOfRange(section, ResponseCompression, "none or gzip"),
            },
            SharedMemoryBytes = ReadSharedMemoryBytes(section, unixSocket),
            SharedMemoryIdleLimit = TimeSpan.FromSeconds(WholeNumber(section, SharedMemoryIdleSeconds, 1, 86_400)),
            MaxBoards = WholeNumber(section, MaxBoards, 1, 64),
            MaxBoardFileBytes = WholeNumber(section, MaxBoardFileBytes, 4096, MaxMessageBytes),
            ShutdownTimeout = TimeSpan.FromSeconds(WholeNumber(section, ShutdownSeconds, 1, 3600)),
        };
    }

    private static UnixSocketAddress? ReadUnixSocket(IConfigurationSection section)
    {
        bool groupMayConnect = Text(section, UnixSocketAccess).ToLowerInvariant() switch
        {
            "user" => false,
            "group" => true,
            _ => throw OutOfRange(section, UnixSocketAccess, "user or group"),
        };
        return Text(section, UnixSocket) is { Length: > 0 } path ? UnixSocketAddress.Parse(path, groupMayConnect) : null;
    }

    private static long ReadSharedMemoryBytes(IConfigurationSection section, UnixSocketAddress? unixSocket)
    {
        long bytes = WholeNumber(section, SharedMemoryBytes, 0, MaxSharedMemoryBytes);
        return bytes == 0 || unixSocket is not null
            ? bytes
            : throw Invalid($"{SharedMemoryBytes.Path} is {bytes}, but memory is leased on a Unix socket only; set one with --unix-socket");
    }

    private static string Text(IConfiguration section, ServerSetting setting) => section[setting.Key] ?? setting.Default;

    private static T WholeNumber<T>(IConfiguration section, ServerSetting setting, T min, T max)
        where T : struct, IBinaryInteger<T> =>
        WholeNumber(Text(section, setting), min, max) ?? throw OutOfRange(section, setting, $"a whole number from {min} to {max}");

    private static T? WholeNumber<T>(string text, T min, T max)
        where T : struct, IBinaryInteger<T> =>
        T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out T value) && value >= min && value <= max
            ? value
            : null;

    private static PerModel<int> WholeNumbers(IConfiguration section, ServerSetting setting, int min, int max)
    {
        StartupException Refusal() => OutOfRange(section, setting, $"{PerModelForm}, each N a whole number from {min} to {max}");

        string[] parts = Text(section, setting).Split(',');
        PerModel<int> values = new(WholeNumber(parts[0], min, max) ?? throw Refusal());
        foreach (string part in parts.Skip(1))
        {
            string[] sides = part.Split('=');
            if (sides.Length != 2 || sides[0].Length == 0 || values.Own.ContainsKey(sides[0]))
                throw Refusal();
            values = values.With(sides[0], WholeNumber(sides[1], min, max) ?? throw Refusal());
        }

        return values;
    }

    private static StartupException OutOfRange(IConfiguration section, ServerSetting setting, string range) =>
        Invalid($"{setting.Path} is '{Text(section, setting)}'; it must be {range}");

    private static StartupException Invalid(string message) => new(ExitCode.ConfigurationInvalid, message);
}
