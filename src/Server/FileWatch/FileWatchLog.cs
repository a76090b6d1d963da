namespace YMaskNet.Server.FileWatch;

/// <summary>Log of watched files; event ids 1700 to 1799. Nothing that is logged is secret.</summary>
internal static partial class FileWatchLog
{
    [LoggerMessage(1700, LogLevel.Information, "In use: {Contents}.")]
    public static partial void InUse(ILogger logger, object contents);

    [LoggerMessage(1701, LogLevel.Warning, "New files can't be used: {Reason}. Still in use: {Contents}.")]
    public static partial void Kept(ILogger logger, string reason, object contents);

    [LoggerMessage(1702, LogLevel.Error, "Reading new files failed. Still in use: {Contents}.")]
    public static partial void ReadingFailed(ILogger logger, object contents, Exception exception);
}
