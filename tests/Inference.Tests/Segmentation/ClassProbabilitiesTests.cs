using YMaskNet.Inference.Segmentation;

namespace YMaskNet.Inference.Tests.Segmentation;

public sealed class ClassProbabilitiesTests
{
    [Theory]
    [InlineData(new[] { 1f, 2f, 3f })]
    [InlineData(new[] { 500f, -500f, 499f })]
    [InlineData(new[] { -90f, -95f, -90f, -100f })]
    public void Of_AnyLogits_MatchesDoubleSoftmax(float[] logits)
    {
        double largest = logits.Max();
        double sum = logits.Sum(logit => Math.Exp(logit - largest));
        for (int classId = 0; classId < logits.Length; classId++)
            Assert.Equal(Math.Exp(logits[classId] - largest) / sum, ClassProbabilities.Of(classId, logits), 1e-6);
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    public void Of_LogitThatIsNotFinite_IsNaN(float bad) => Assert.True(float.IsNaN(ClassProbabilities.Of(1, [0f, bad, 1f])));

    [Fact]
    public void Best_BackgroundLargest_IsNotTaken() => Assert.Equal(1, ClassProbabilities.Best([0f, 2f, 1f, 9f]));

    [Fact]
    public void Best_EqualLogits_TakesTheFirst() => Assert.Equal(1, ClassProbabilities.Best([0f, 2f, 2f, 2f]));

    [Fact]
    public void Best_NaNLogits_TakesTheLargestNumber() => Assert.Equal(2, ClassProbabilities.Best([float.NaN, -1f, 0f, 5f]));
}
