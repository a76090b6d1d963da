using System.IO.Enumeration;

namespace YMaskNet.Client.Tool.Images;

/// <summary>A path with wildcards: <c>*</c> and <c>?</c> within a name, <c>**</c> for any number of folders.</summary>
internal sealed class Glob
{
    private const string AnyFolders = "**";

    private readonly string[] _segments;

    private Glob(string root, string[] segments)
    {
        Root = root;
        _segments = segments;
    }

    /// <summary>The folder before the first wildcard.</summary>
    public string Root { get; }

    public static bool HasWildcards(string path) => path.AsSpan().ContainsAny('*', '?');

    public static Glob Parse(string pattern)
    {
        string[] segments = pattern.Split([Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar]);
        int firstWildcard = Array.FindIndex(segments, HasWildcards);
        string root = string.Join(Path.DirectorySeparatorChar, segments[..firstWildcard]);
        if (firstWildcard > 0 && segments[0].Length == 0 && root.Length == 0)
            root = Path.DirectorySeparatorChar.ToString();
        return new Glob(root, segments[firstWildcard..]);
    }

    /// <summary>The files that match, in no particular order, each once.</summary>
    public IEnumerable<string> Match() => Match(Root, 0).Distinct();

    private IEnumerable<string> Match(string folder, int segment)
    {
        string pattern = _segments[segment];
        bool isLast = segment == _segments.Length - 1;
        if (pattern == AnyFolders && !isLast)
            return Match(folder, segment + 1).Concat(Folders(folder, "*").SelectMany(inner => Match(inner, segment)));
        return isLast
            ? Files(folder, pattern)
            : Folders(folder, pattern).SelectMany(inner => Match(inner, segment + 1));
    }

    private static IEnumerable<string> Files(string folder, string pattern) =>
        Names(folder, pattern, isFolder: false).Select(name => Path.Combine(folder, name));

    private static IEnumerable<string> Folders(string folder, string pattern) =>
        pattern is "." or ".."
            ? [Path.Combine(folder, pattern)]
            : Names(folder, pattern, isFolder: true).Select(name => Path.Combine(folder, name));

    private static IEnumerable<string> Names(string folder, string pattern, bool isFolder)
    {
        string path = folder.Length == 0 ? "." : folder;
        if (!Directory.Exists(path))
            return [];

        return new FileSystemEnumerable<string>(path, (ref FileSystemEntry entry) => entry.FileName.ToString())
        {
            ShouldIncludePredicate = (ref FileSystemEntry entry) =>
                entry.IsDirectory == isFolder
                && FileSystemName.MatchesSimpleExpression(pattern, entry.FileName, ignoreCase: OperatingSystem.IsWindows())
                // As shells do: a name that begins with a dot is matched by a pattern that does.
                && (entry.FileName[0] != '.' || pattern[0] == '.'),
        };
    }
}
