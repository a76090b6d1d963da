using FsCheck;
using FsCheck.Fluent;
using YMaskNet.Inference.Detection;

namespace YMaskNet.Inference.Tests.Detection;

public sealed class CandidateBufferTests
{
    [Fact]
    public void KeepBest_AnyScores_OrdersByScoreThenAnchorIndex() => Prop.ForAll<byte[], byte>((scores, limit) =>
    {
        // Few different scores, so that there are many ties.
        int maxCandidates = 1 + (limit % 20);
        CandidateBuffer buffer = new(Math.Max(1, scores.Length), maxCandidates);
        for (int index = 0; index < scores.Length; index++)
            buffer.Add(new Candidate(default, scores[index] % 8 / 7f, 0, index * 3));

        Candidate[] best = buffer.KeepBest(maxCandidates).ToArray();

        Candidate[] expected =
        [
            .. buffer.Found.ToArray().OrderByDescending(candidate => candidate.Score).ThenBy(candidate => candidate.AnchorIndex).Take(maxCandidates),
        ];
        return best.SequenceEqual(expected);
    }).QuickCheckThrowOnFailure();

    [Fact]
    public void Clear_AfterCandidates_LeavesNone()
    {
        CandidateBuffer buffer = new(4, 4);
        buffer.Add(new Candidate(default, 0.5f, 0, 0));

        buffer.Clear();

        Assert.Equal(0, buffer.KeepBest(4).Length);
    }
}
