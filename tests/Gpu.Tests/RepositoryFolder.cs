namespace YMaskNet.Gpu.Tests;

/// <summary>The folder of the sources that these tests were built from.</summary>
internal static class RepositoryFolder
{
    public static string Find()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "YMaskNet.Grpc.sln")))
                return folder.FullName;
        }

        throw new DirectoryNotFoundException($"No YMaskNet.Grpc.sln above {AppContext.BaseDirectory}.");
    }
}
