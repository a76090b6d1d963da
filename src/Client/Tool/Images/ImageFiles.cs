namespace YMaskNet.Client.Tool.Images;

/// <summary>Finds the images that the command line names.</summary>
internal static class ImageFiles
{
    private static readonly string[] Extensions = [".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp"];

    /// <summary>
    /// Files, the images of folders, and what globs match: in the order of the arguments, within a folder or a glob in
    /// natural order of their names, each file once.
    /// </summary>
    /// <exception cref="UsageException">A path does not exist, or names no image.</exception>
    public static IReadOnlyList<ImageFile> Find(IEnumerable<string> paths)
    {
        List<ImageFile> files = [];
        HashSet<string> seen = [];
        foreach (ImageFile file in paths.SelectMany(Expand))
        {
            if (seen.Add(Path.GetFullPath(file.Path)))
                files.Add(file);
        }

        return WithDistinctNames(files);
    }

    private static IEnumerable<ImageFile> Expand(string path)
    {
        if (File.Exists(path))
            return [new ImageFile(path, Path.GetFileName(path))];

        if (Directory.Exists(path))
            return Sorted(path, Directory.EnumerateFiles(path).Where(IsImage), $"There is no image in the folder {path}.");

        if (Glob.HasWildcards(path))
        {
            Glob glob = Glob.Parse(path);
            return Sorted(glob.Root, glob.Match().Where(IsImage), $"No image matches {path}.");
        }

        throw new UsageException($"There is no file or folder {path}.");
    }

    private static IEnumerable<ImageFile> Sorted(string root, IEnumerable<string> paths, string messageIfNone)
    {
        string rootOrHere = root.Length == 0 ? "." : root;
        List<ImageFile> files =
        [
            .. paths
                .Select(path => new ImageFile(path, Path.GetRelativePath(rootOrHere, path).Replace(Path.DirectorySeparatorChar, '/')))
                .OrderBy(file => file.Name, NaturalOrder.Instance),
        ];
        return files.Count > 0 ? files : throw new UsageException(messageIfNone);
    }

    private static bool IsImage(string path) =>
        Extensions.Contains(Path.GetExtension(path), StringComparer.OrdinalIgnoreCase);

    /// <summary>Images of different folders whose names collide go by their paths instead.</summary>
    private static List<ImageFile> WithDistinctNames(List<ImageFile> files)
    {
        HashSet<string> shared = [.. files.CountBy(file => file.Name).Where(name => name.Value > 1).Select(name => name.Key)];
        return [.. files.Select(file => shared.Contains(file.Name) ? file with { Name = Path.GetFullPath(file.Path).Replace(Path.DirectorySeparatorChar, '/') } : file)];
    }
}
