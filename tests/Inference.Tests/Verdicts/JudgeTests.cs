using YMaskNet.Inference.Results;
using YMaskNet.Inference.Verdicts;

namespace YMaskNet.Inference.Tests.Verdicts;

public sealed class JudgeTests
{
    [Fact]
    public void Rejecting_NothingFound_Nothing() => Assert.Empty(new Judge(Recipe.FailAnything).Rejecting(Result()));

    [Fact]
    public void Rejecting_FailAnything_Everything() =>
        Assert.Equal([0, 1], new Judge(Recipe.FailAnything).Rejecting(Result(Defect("a", 0.1f, area: 1), Defect("b", 0.2f, area: 1))));

    [Theory]
    [InlineData(0.5f, 10, true)]
    [InlineData(0.49f, 10, false)]
    [InlineData(0.5f, 9, false)]
    public void Rejecting_ScoreAndArea_BothAreNeeded(float score, long area, bool fails)
    {
        Recipe recipe = new() { DefaultRule = new ClassRule { MinScore = 0.5f, MinArea = 10 } };

        Assert.Equal(fails, new Judge(recipe).Rejecting(Result(Defect("a", score, area))).Count == 1);
    }

    [Fact]
    public void Rejecting_ClassWithARuleOfItsOwn_TheDefaultDoesNotCount()
    {
        Recipe recipe = new()
        {
            DefaultRule = new ClassRule { IsIgnored = true },
            ClassRules = new Dictionary<string, ClassRule> { ["b"] = new() { MinArea = 5 } },
        };

        Assert.Equal([1, 3], new Judge(recipe).Rejecting(
            Result(Defect("a", 1f, 100), Defect("b", 1f, 5), Defect("b", 1f, 4), Defect("b", 1f, 6))));
    }

    [Fact]
    public void Rejecting_DefectWithoutMask_ItsBoxCounts()
    {
        Judge judge = new(new Recipe { DefaultRule = new ClassRule { MinArea = 12 } });

        Assert.Equal([0], judge.Rejecting(Result(
            new Defect(0, "a", 1f, new PixelBox(0, 0, 3, 4), Mask: null), new Defect(0, "a", 1f, new PixelBox(0, 0, 3, 3.9f), Mask: null))));
    }

    [Theory]
    [InlineData(9, false)]
    [InlineData(10, true)]
    [InlineData(19, true)]
    [InlineData(20, false)]
    public void Rejecting_IgnoredArea_TheCentreDecides(float centre, bool isIgnored)
    {
        Judge judge = new(new Recipe { IgnoredAreas = [new PixelBox(10, 10, 10, 10)] });
        Defect defect = new(0, "a", 1f, new PixelBox(centre - 4, 11, 8, 8), new AreaMask(20));

        Assert.Equal(isIgnored, judge.Rejecting(Result(defect)).Count == 0);
    }

    [Fact]
    public void Rejecting_Regions_JudgedByTheirArea()
    {
        Judge judge = new(new Recipe { DefaultRule = new ClassRule { MinArea = 50 } });
        InspectionResult result = Result() with { Regions = [Region(49), Region(50), Region(51)] };

        Assert.Equal([1, 2], judge.Rejecting(result));
    }

    private static Defect Defect(string className, float score, long area) =>
        new(0, className, score, new PixelBox(0, 0, 100, 100), new AreaMask(area));

    private static Region Region(long area) => new(1, "a", area, new PixelBox(0, 0, 10, 10), 5, 5, new AreaMask(area));

    private static InspectionResult Result(params Defect[] defects) => new()
    {
        ImageWidth = 640,
        ImageHeight = 640,
        ExecutionProvider = "none",
        Device = "none",
        Times = new StageTimes(),
        Defects = defects,
    };
}
