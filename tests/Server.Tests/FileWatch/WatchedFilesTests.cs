using Microsoft.Extensions.Logging;
using YMaskNet.Server.FileWatch;
using YMaskNet.Server.Hosting;

namespace YMaskNet.Server.Tests.FileWatch;

public sealed class WatchedFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly LogRecorder _log = new();

    private string File1 => Path.Combine(_folder.Path, "1.txt");

    private string File2 => Path.Combine(_folder.Path, "2.txt");

    public void Dispose()
    {
        _folder.Dispose();
        _log.Dispose();
    }

    [Fact]
    public void Look_NewContents_ReadWhenTwoLooksFoundTheSame()
    {
        WatchedFiles<string> files = Watch("old", "old");

        File.WriteAllText(File1, "new");
        files.Look();
        Assert.Equal("old old", files.Current);
        File.WriteAllText(File2, "new");
        files.Look();
        Assert.Equal("old old", files.Current);
        files.Look();

        Assert.Equal("new new", files.Current);
        Assert.Equal(["In use: old old.", "In use: new new."], _log.Entries.Select(entry => entry.Message));
    }

    [Fact]
    public void Look_NothingNew_ReadOnce()
    {
        WatchedFiles<string> files = Watch("same", "same");

        for (int i = 0; i < 5; i++)
            files.Look();

        Assert.Single(_log.Entries);
    }

    [Fact]
    public void Look_BrokenContents_OldOnesStayAndOneLineSaysSo()
    {
        WatchedFiles<string> files = Watch("old", "old");

        File.WriteAllText(File1, "broken");
        for (int i = 0; i < 5; i++)
            files.Look();

        Assert.Equal("old old", files.Current);
        LogEntry line = Assert.Single(_log.Entries, entry => entry.Level == LogLevel.Warning);
        Assert.Equal("New files can't be used: broken. Still in use: old old.", line.Message);
    }

    [Fact]
    public void Look_FileGoneAndBack_OldContentsStayMeanwhile()
    {
        WatchedFiles<string> files = Watch("old", "old");

        File.Delete(File1);
        for (int i = 0; i < 3; i++)
            files.Look();
        Assert.Equal("old old", files.Current);
        Assert.Contains($"there is no file {File1}", Assert.Single(_log.Entries, entry => entry.Level == LogLevel.Warning).Message, StringComparison.Ordinal);

        File.WriteAllText(File1, "new");
        files.Look();
        files.Look();

        Assert.Equal("new old", files.Current);
    }

    [Fact]
    public void Look_ReadingThrowsSomethingElse_OldContentsStay()
    {
        WatchedFiles<string> files = Watch("old", "old");

        File.WriteAllText(File1, "bug");
        files.Look();
        files.Look();

        Assert.Equal("old old", files.Current);
        Assert.IsType<InvalidTimeZoneException>(Assert.Single(_log.Entries, entry => entry.Level == LogLevel.Error).Exception);
    }

    [Fact]
    public void Look_FolderBehindALinkSwapped_NewContentsAreRead()
    {
        string one = Directory.CreateDirectory(Path.Combine(_folder.Path, "one")).FullName;
        string two = Directory.CreateDirectory(Path.Combine(_folder.Path, "two")).FullName;
        File.WriteAllText(Path.Combine(one, "file"), "one");
        File.WriteAllText(Path.Combine(two, "file"), "two");
        string link = Path.Combine(_folder.Path, "current");
        Directory.CreateSymbolicLink(link, one);
        string path = Path.Combine(link, "file");
        WatchedFiles<string> files = new([path], snapshot => snapshot.TextOf(path), _log.CreateLogger("test"));

        Directory.Delete(link);
        Directory.CreateSymbolicLink(link, two);
        files.Look();
        files.Look();

        Assert.Equal("two", files.Current);
    }

    private WatchedFiles<string> Watch(string first, string second)
    {
        File.WriteAllText(File1, first);
        File.WriteAllText(File2, second);
        return new WatchedFiles<string>(
            [File1, File2],
            snapshot => snapshot.TextOf(File1) switch
            {
                "broken" => throw new StartupException(ExitCode.CredentialsUnusable, "broken"),
                "bug" => throw new InvalidTimeZoneException("A bug."),
                string text => $"{text} {snapshot.TextOf(File2)}",
            },
            _log.CreateLogger("test"));
    }
}
