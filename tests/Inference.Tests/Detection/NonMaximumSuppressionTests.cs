using YMaskNet.Inference.Detection;

namespace YMaskNet.Inference.Tests.Detection;

public sealed class NonMaximumSuppressionTests
{
    [Theory]
    [InlineData(0f)]
    [InlineData(0.3f)]
    [InlineData(0.5f)]
    [InlineData(1f)]
    public void Run_RandomBoxes_MatchesDoubleReference(float iouThreshold)
    {
        for (int seed = 0; seed < 100; seed++)
        {
            Candidate[] candidates = RandomCandidates(seed, count: 200);
            int maxKept = 1 + (seed % 60);

            Candidate[] kept = new NonMaximumSuppression(60).Run(candidates, iouThreshold, maxKept).ToArray();

            Assert.Equal(SlowDetection.Suppress(candidates, candidates.Length, iouThreshold, maxKept), kept);
        }
    }

    [Fact]
    public void Run_NoCandidates_KeepsNone() => Assert.Equal(0, new NonMaximumSuppression(5).Run([], 0.5f, 5).Length);

    [Fact]
    public void Run_IouExactlyAtTheThreshold_KeepsBoth()
    {
        // Intersection 50, union 100: exact in float.
        Candidate first = new(new CornerBox(0f, 0f, 10f, 10f), 0.9f, 0, 0);
        Candidate half = new(new CornerBox(0f, 0f, 10f, 5f), 0.8f, 0, 1);

        Assert.Equal(2, new NonMaximumSuppression(5).Run([first, half], 0.5f, 5).Length);
        Assert.Equal(1, new NonMaximumSuppression(5).Run([first, half], MathF.BitDecrement(0.5f), 5).Length);
    }

    [Fact]
    public void Run_SameBoxOfAnotherClass_KeepsBoth()
    {
        CornerBox box = new(3f, 4f, 13f, 24f);

        Assert.Equal(2, new NonMaximumSuppression(5).Run([new(box, 0.9f, 0, 0), new(box, 0.8f, 1, 1)], 0.1f, 5).Length);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Run_BoxThatIsNotFinite_SuppressesNothing(float bad)
    {
        Candidate broken = new(new CornerBox(0f, 0f, bad, bad), 0.9f, 0, 0);
        Candidate sound = new(new CornerBox(0f, 0f, 10f, 10f), 0.8f, 0, 1);

        Assert.Equal(2, new NonMaximumSuppression(5).Run([broken, sound], 0f, 5).Length);
    }

    [Fact]
    public void Run_SecondImage_KnowsNothingOfTheFirst()
    {
        NonMaximumSuppression suppression = new(40);
        suppression.Run(RandomCandidates(seed: 1, count: 100), 0.9f, 40);

        Candidate only = new(new CornerBox(0f, 0f, 100f, 100f), 0.5f, 0, 0);
        Assert.Equal([only], suppression.Run([only], 0f, 40).ToArray());
    }

    private static Candidate[] RandomCandidates(int seed, int count)
    {
        Random random = new(seed);
        List<Candidate> candidates = [];
        for (int index = 0; index < count; index++)
        {
            // Whole numbers: IoUs are then the same in float and in double as far as comparisons go.
            int x = random.Next(100);
            int y = random.Next(100);
            CornerBox box = new(x, y, x + 1 + random.Next(40), y + 1 + random.Next(40));
            candidates.Add(new Candidate(box, random.Next(100) / 100f, random.Next(3), index));
        }

        return [.. candidates.OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.AnchorIndex)];
    }
}
