using Microsoft.Extensions.Time.Testing;
using YMaskNet.Client.Tests.Support;
using YMaskNet.Client.Tool.Images;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.Client.Tool.Reports;
using YMaskNet.V1;

namespace YMaskNet.Client.Tests.Tool;

public class RunSummaryTests
{
    private static readonly ImageFile File = new("a.png", "a.png");

    [Fact]
    public void Describe_CountsAndMeans_AreThoseOfTheRun()
    {
        FakeTimeProvider time = new();
        RunSummary summary = new(time);
        Defect defect = Answers.NewDefect("open", 0, 1, Answers.NewBox(0, 0, 1, 1));

        summary.Start();
        summary.Add(Inspected(new StageTimes { Stage1Ms = 10, TotalMs = 15 }, defect, defect));
        summary.Add(Inspected(new StageTimes { Stage1Ms = 20, DetectionMs = 1, TotalMs = 25 }));
        summary.Add(new FailedImage(File, "INVALID_ARGUMENT", "IMAGE_EMPTY", "empty"));
        time.Advance(TimeSpan.FromSeconds(2));
        summary.Stop();

        Assert.Equal("3 images, 2 defects, 1 failed, 1.5 images/s; server mean 20.0 ms (stage 1 15.0, detection 0.5)", summary.Describe());
    }

    [Fact]
    public void Describe_NothingInspected_HasNoMeans()
    {
        FakeTimeProvider time = new();
        RunSummary summary = new(time);

        summary.Start();
        summary.Add(new FailedImage(File, "INTERNAL", "", "broken"));
        time.Advance(TimeSpan.FromSeconds(1));
        summary.Stop();

        Assert.Equal("1 image, 0 defects, 1 failed, 1.0 images/s", summary.Describe());
    }

    private static InspectedImage Inspected(StageTimes times, params Defect[] defects) =>
        new(File, new ImageSize { Width = 1, Height = 1 }, Answers.Reference, defects, [], times);
}
