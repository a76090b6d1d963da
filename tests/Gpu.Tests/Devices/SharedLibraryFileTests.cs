using YMaskNet.Gpu.Tests.StandIn;
using YMaskNet.Inference.Gpu.Devices;

namespace YMaskNet.Gpu.Tests.Devices;

/// <summary>What a shared library says that it needs, read from its file.</summary>
public class SharedLibraryFileTests
{
    [Fact]
    public void TryReadNeeded_LibraryOfACompiler_NamesWhatItNeeds()
    {
        Assert.SkipUnless(StandInDriver.IsBuilt, "skipped: the stand-in driver is not built, g++ is missing");

        bool isRead = SharedLibraryFile.TryReadNeeded(Path.Combine(StandInDriver.Folder, "libcuda.so.1"), out IReadOnlyList<string> libraries);

        Assert.True(isRead);
        Assert.Contains("libstdc++.so.6", libraries);
        Assert.Contains("libc.so.6", libraries);
    }

    [Fact]
    public void TryReadNeeded_SeveralNames_KeepsTheirOrder()
    {
        using TestProvider provider = new("libb.so.2", "liba.so");

        Assert.True(SharedLibraryFile.TryReadNeeded(Path.Combine(provider.Folder, CudaProvider.FileName), out IReadOnlyList<string> libraries));

        Assert.Equal(["libb.so.2", "liba.so"], libraries);
    }

    [Fact]
    public void TryReadNeeded_CutAnywhere_NeverThrows()
    {
        using TestProvider provider = new("libb.so.2");
        string path = Path.Combine(provider.Folder, "cut.so");
        byte[] whole = TestProvider.Library("libb.so.2");
        for (int length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);

            // A file cut within its last name is still a library; anything shorter is none, or needs nothing.
            bool isRead = SharedLibraryFile.TryReadNeeded(path, out IReadOnlyList<string> libraries);
            Assert.True(!isRead || libraries.All(name => "libb.so.2".StartsWith(name, StringComparison.Ordinal)), $"{length} bytes: {string.Join(", ", libraries)}");
        }
    }

    [Fact]
    public void TryReadNeeded_NoFile_IsFalse() =>
        Assert.False(SharedLibraryFile.TryReadNeeded("/nowhere/libcuda.so", out _));
}
