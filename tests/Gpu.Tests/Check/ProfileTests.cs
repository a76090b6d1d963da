using YMaskNet.Perf.Gpu.WholePath;

namespace YMaskNet.Gpu.Tests.Check;

/// <summary>
/// ONNX Runtime's profile. profile.json is a shortened one of its CPU provider; profile-with-copies.json the same as the CUDA
/// provider writes it where it has no kernel for one node.
/// </summary>
public class ProfileTests
{
    private const string Cuda = "CUDAExecutionProvider";

    [Fact]
    public void Read_ARecordedProfile_EachNodeOnceHoweverOftenItRan()
    {
        NetworkProfile profile = NetworkProfile.Read(PathOf("profile.json"));

        Assert.Equal(5, profile.Nodes);
        Assert.Empty(profile.CopyNodes);
        Assert.Equal(("CPUExecutionProvider", 5), (Assert.Single(profile.Providers).Key, Assert.Single(profile.Providers).Value));
        Assert.Empty(ProfileCheck.Judge("a network", profile, "CPUExecutionProvider").Failures);
    }

    [Fact]
    public void Judge_CopiesBetweenNodes_FailsAndNamesThemAndWhoRanTheirNeighbour()
    {
        NetworkProfile profile = NetworkProfile.Read(PathOf("profile-with-copies.json"));

        ProfileVerdict verdict = ProfileCheck.Judge("a network", profile, Cuda);

        Assert.Equal((7, 2), (verdict.Nodes, verdict.CopyNodes));
        Assert.Collection(
            verdict.Failures,
            failure => Assert.Contains("MemcpyFromHost Memcpy_token_1, MemcpyToHost Memcpy", failure, StringComparison.Ordinal),
            failure => Assert.Contains("not all nodes run on CUDAExecutionProvider: 1 on CPUExecutionProvider", failure, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[]", "has no node that ran")]
    [InlineData("{}", "is not a profile")]
    [InlineData("[{\"cat\":\"Node\",\"name\":\"a_kernel_time\"}]", "is not a profile")]
    [InlineData("[", "is not a profile")]
    public void Read_AnotherFile_SaysWhatIsWrong(string text, string expected)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllText(path, text);

            InvalidDataException error = Assert.Throws<InvalidDataException>(() => NetworkProfile.Read(path));

            Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static string PathOf(string file) => Path.Combine(AppContext.BaseDirectory, "Check", file);
}
