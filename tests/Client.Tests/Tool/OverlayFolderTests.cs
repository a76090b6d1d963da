using YMaskNet.Client.Tests.Support;
using YMaskNet.Client.Tool.Images;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.Client.Tool.Overlays;
using YMaskNet.Imaging;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Tool;

public class OverlayFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Write_EqualStems_GetAFileEach()
    {
        ImageFile[] files = [NewImage("a.png"), NewImage("a.bmp"), NewImage("inner/b.png"), NewImage("../c.png")];
        string overlays = _folder.PathOf("overlays");

        OverlayFolder folder = OverlayFolder.Create(overlays, files);
        foreach (ImageFile file in files)
            folder.Write(NewResult(file, []));

        Assert.Equal(
            ["a.bmp.overlay.png", "a.png.overlay.png", "c.overlay.png", "inner/b.overlay.png"],
            Directory.EnumerateFiles(overlays, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetRelativePath(overlays, path).Replace('\\', '/')).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Write_DamagedMask_SaysWhichImage()
    {
        ImageFile file = NewImage("a.png");
        OverlayFolder folder = OverlayFolder.Create(_folder.PathOf("overlays"), [file]);
        Defect defect = Answers.NewDefect("open", 0, 1, Answers.NewBox(0, 0, 2, 2), Answers.RunLengths(6, 8, "1", 1));

        OverlayException exception = Assert.Throws<OverlayException>(() => folder.Write(NewResult(file, [defect])));

        Assert.StartsWith("a.png: no overlay: ", exception.Message);
    }

    private ImageFile NewImage(string name) =>
        new(_folder.Add(name.TrimStart('.', '/'), PngEncoder.EncodeGray8(new byte[48], 8, 6)), name);

    private static InspectedImage NewResult(ImageFile file, Defect[] defects) =>
        new(file, new ImageSize { Width = 8, Height = 6 }, Answers.Reference, defects, [], new StageTimes());
}
