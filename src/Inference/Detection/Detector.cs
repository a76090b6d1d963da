using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Detection;

/// <summary>Decode, threshold and non-maximum suppression of one image's head outputs. One thread owns it.</summary>
internal sealed class Detector
{
    private readonly AnchorDecoder[] _decoders;
    private readonly CandidateBuffer _candidates;
    private readonly NonMaximumSuppression _suppression;
    private readonly DetectionDescription _description;

    public Detector(ModelManifest manifest, DetectionDescription description)
    {
        _description = description;
        _decoders = new AnchorDecoder[description.Heads.Count];
        int anchorCount = 0;
        for (int index = 0; index < _decoders.Length; index++)
        {
            _decoders[index] = new AnchorDecoder(description.Heads[index], manifest.Input, manifest.Classes.Count, anchorCount);
            anchorCount += _decoders[index].AnchorCount;
        }

        _candidates = new CandidateBuffer(anchorCount, description.MaxCandidates);
        _suppression = new NonMaximumSuppression(description.MaxRois);
    }

    /// <summary>Forgets the image before.</summary>
    public void Clear() => _candidates.Clear();

    /// <summary>Adds one head's candidates; heads must come in the manifest's order.</summary>
    public void Decode(int head, ReadOnlySpan<float> raw, in CornerBox content, float minScore) =>
        _decoders[head].Decode(raw, content, Math.Max(minScore, _description.CandidateMinScore), _candidates);

    /// <summary>What goes on, best first; valid until the next call.</summary>
    public ReadOnlySpan<Candidate> Suppress(in DetectionLimits limits) =>
        _suppression.Run(_candidates.KeepBest(_description.MaxCandidates), limits.IouThreshold, limits.MaxDefects);
}
