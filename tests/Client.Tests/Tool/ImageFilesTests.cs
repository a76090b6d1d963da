using YMaskNet.Client.Tests.Support;
using YMaskNet.Client.Tool;
using YMaskNet.Client.Tool.Images;

namespace YMaskNet.Client.Tests.Tool;

public class ImageFilesTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Find_Folder_TakesItsImagesInNaturalOrder()
    {
        foreach (string name in new[] { "b10.PNG", "b2.jpg", "B1.tiff", "notes.txt", "truth.json", "inner/b3.png", ".hidden" })
            _folder.Add(name);

        Assert.Equal(["B1.tiff", "b2.jpg", "b10.PNG"], Names(_folder.Path));
    }

    [Fact]
    public void Find_Globs_MatchWithinAndAcrossFolders()
    {
        foreach (string name in new[] { "a1.png", "a2.png", "b1.png", "x/a1.png", "x/y/a3.png", "x/y/a3.txt", ".git/a4.png" })
            _folder.Add(name);

        Assert.Equal(["a1.png", "a2.png"], Names(_folder.PathOf("a*.png")));
        Assert.Equal(["a1.png", "b1.png"], Names(_folder.PathOf("?1.png")));
        Assert.Equal(["x/a1.png"], Names(_folder.PathOf("*/a1.png")));
        Assert.Equal(["a1.png", "a2.png", "x/a1.png", "x/y/a3.png"], Names(_folder.PathOf("**/a*")));
        Assert.Equal(["y/a3.png"], Names(_folder.PathOf("x/**/a3.*")));
    }

    [Fact]
    public void Find_SeveralArguments_KeepTheirOrderAndNameEachFileOnce()
    {
        string b = _folder.Add("b.png");
        string a = _folder.Add("a.png");

        Assert.Equal(["b.png", "a.png"], Names(b, _folder.Path, a));
    }

    [Fact]
    public void Find_EqualNamesInTwoFolders_AreToldApart()
    {
        string first = _folder.Add("1/a.png");
        string second = _folder.Add("2/a.png");

        string[] names = Names(first, second);

        Assert.Equal(2, names.Distinct().Count());
        Assert.EndsWith("1/a.png", names[0]);
        Assert.EndsWith("2/a.png", names[1]);
    }

    [Fact]
    public void Find_FileOfAnyExtension_IsTakenWhenNamed() =>
        Assert.Equal(["scan.dat"], Names(_folder.Add("scan.dat")));

    [Theory]
    [InlineData("nothing.png")]
    [InlineData("*.png")]
    [InlineData("nowhere/*.png")]
    [InlineData(".")]
    public void Find_NoImage_IsAUsageError(string path)
    {
        _folder.Add("notes.txt");

        Assert.Throws<UsageException>(() => Names(_folder.PathOf(path)));
    }

    [Theory]
    [InlineData("a2", "a10")]
    [InlineData("A2", "a10")]
    [InlineData("a", "a1")]
    [InlineData("a1b", "a01c")]
    [InlineData("00041000_test", "00041001_test")]
    [InlineData("9", "123456789012345678901234567890")]
    public void NaturalOrder_PutsTheFirstFirst(string first, string second)
    {
        Assert.True(NaturalOrder.Instance.Compare(first, second) < 0);
        Assert.True(NaturalOrder.Instance.Compare(second, first) > 0);
    }

    private static string[] Names(params string[] paths) => [.. ImageFiles.Find(paths).Select(file => file.Name)];
}
