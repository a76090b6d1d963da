using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.FileWatch;

/// <summary>
/// What was read from files, and is read again when they change. Files that can't be used stop a start, but not a running
/// server: that goes on with what it has.
/// </summary>
/// <remarks>
/// Contents are compared, rather than the system's notifications awaited: those miss files that are swapped by a link to
/// another folder, as tools that renew certificates do it.
/// </remarks>
internal sealed class WatchedFiles<T> : IWatchedFiles
    where T : class
{
    private readonly IReadOnlyList<string> _paths;
    private readonly Func<FileSnapshot, T> _read;
    private readonly ILogger _log;
    private readonly Lock _gate = new();
    private volatile T _current;
    private string _seen;
    private string _tried;

    /// <summary>Reads the files for the first time.</summary>
    /// <param name="paths">The files.</param>
    /// <param name="read">Makes of them what is used; throws <see cref="StartupException"/> where that can't be. What it gives is logged.</param>
    /// <param name="log">Where changes are logged.</param>
    /// <exception cref="StartupException">The files can't be used.</exception>
    public WatchedFiles(IReadOnlyList<string> paths, Func<FileSnapshot, T> read, ILogger log)
    {
        _paths = paths;
        _read = read;
        _log = log;
        FileSnapshot snapshot = FileSnapshot.Read(paths);
        _seen = _tried = snapshot.Fingerprint;
        _current = read(snapshot);
        FileWatchLog.InUse(log, _current);
    }

    /// <summary>What was read last.</summary>
    public T Current => _current;

    public void Look()
    {
        lock (_gate)
        {
            FileSnapshot snapshot = FileSnapshot.Read(_paths);

            // A file that is being written, or one of two that are replaced one after the other, is not what is meant yet.
            bool isSettled = snapshot.Fingerprint == _seen;
            _seen = snapshot.Fingerprint;
            if (isSettled && snapshot.Fingerprint != _tried)
                ReadAgain(snapshot);
        }
    }

    private void ReadAgain(FileSnapshot snapshot)
    {
        _tried = snapshot.Fingerprint;
        try
        {
            _current = _read(snapshot);
            FileWatchLog.InUse(_log, _current);
        }
        catch (StartupException error)
        {
            FileWatchLog.Kept(_log, error.Message, _current);
        }
        catch (Exception error)
        {
            // Whatever a new file holds, it must not end a server that runs.
            FileWatchLog.ReadingFailed(_log, _current, error);
        }
    }
}
