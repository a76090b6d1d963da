using System.Numerics;
using YMaskNet.Inference.Models;

namespace YMaskNet.Inference.Detection;

/// <summary>
/// Turns one head's raw output <c>[A * (5 + C), H, W] float32</c> into candidates: for cell (gx, gy), with s = sigmoid, the
/// centre is <c>(2 s(t) - 0.5 + g) * stride</c>, the size <c>(2 s(t))² * anchor</c>, the score
/// <c>s(objectness) * s(largest class logit)</c>.
/// </summary>
internal sealed class AnchorDecoder
{
    private const int BoxChannels = 4;
    private const int ObjectnessChannel = 4;
    private const int FirstClassChannel = 5;

    private readonly AnchorHead _head;
    private readonly int _classCount;
    private readonly int _columns;
    private readonly int _plane;
    private readonly int _firstAnchorIndex;

    /// <param name="head">The head, as the manifest has it.</param>
    /// <param name="input">The network's input.</param>
    /// <param name="classCount">Number of classes.</param>
    /// <param name="firstAnchorIndex">Number of anchors of the heads before this one.</param>
    public AnchorDecoder(AnchorHead head, InputDescription input, int classCount, int firstAnchorIndex)
    {
        _head = head;
        _classCount = classCount;
        _columns = input.Width / head.Stride;
        _plane = _columns * (input.Height / head.Stride);
        _firstAnchorIndex = firstAnchorIndex;
    }

    /// <summary>Number of anchors of this head.</summary>
    public int AnchorCount => _head.Anchors.Count * _plane;

    /// <summary>Adds the candidates of one image, in the order of their anchor indices.</summary>
    /// <param name="raw">The head's output for the image.</param>
    /// <param name="content">Candidates are clipped to it; what is then below one pixel a side is left out, NaN too.</param>
    /// <param name="minScore">Candidates below it are left out. Range: [0, 1].</param>
    /// <param name="candidates">Where they go.</param>
    public void Decode(ReadOnlySpan<float> raw, in CornerBox content, float minScore, CandidateBuffer candidates)
    {
        int anchorChannels = FirstClassChannel + _classCount;
        if (raw.Length != _head.Anchors.Count * anchorChannels * _plane)
            throw new ArgumentException($"The output of {_head.Tensor} has {raw.Length} values.", nameof(raw));

        float minLogit = ObjectnessLogitBelow(minScore);
        for (int anchor = 0; anchor < _head.Anchors.Count; anchor++)
        {
            ReadOnlySpan<float> channels = raw.Slice(anchor * anchorChannels * _plane, anchorChannels * _plane);
            ReadOnlySpan<float> objectness = channels.Slice(ObjectnessChannel * _plane, _plane);
            for (int cell = NextAtLeast(objectness, 0, minLogit); cell < _plane; cell = NextAtLeast(objectness, cell + 1, minLogit))
                DecodeCell(channels, anchor, cell, content, minScore, candidates);
        }
    }

    /// <summary>
    /// A logit at or below the one whose sigmoid is <paramref name="minScore"/>: since a class probability is at most 1, no
    /// candidate with a smaller objectness logit reaches the score, and no exponential is needed to know it.
    /// </summary>
    internal static float ObjectnessLogitBelow(float minScore)
    {
        // Near 1 a float sigmoid has few steps, hence the cap; the margin is wider than any rounding below it.
        const double Cap = 14;
        const double Margin = 0.1;
        return (float)(Math.Min(Math.Log(minScore / (1.0 - minScore)), Cap) - Margin);
    }

    /// <summary>First cell from <paramref name="start"/> on whose value is at least <paramref name="minLogit"/>; NaN never is.</summary>
    private static int NextAtLeast(ReadOnlySpan<float> values, int start, float minLogit)
    {
        int cell = start;
        Vector<float> bound = new(minLogit);
        for (; cell <= values.Length - Vector<float>.Count; cell += Vector<float>.Count)
        {
            if (Vector.GreaterThanOrEqualAny(new Vector<float>(values[cell..]), bound))
                break;
        }

        while (cell < values.Length && !(values[cell] >= minLogit))
            cell++;
        return cell;
    }

    private void DecodeCell(
        ReadOnlySpan<float> channels, int anchor, int cell, in CornerBox content, float minScore, CandidateBuffer candidates)
    {
        int classId = -1;
        float classLogit = float.NegativeInfinity;
        for (int index = 0; index < _classCount; index++)
        {
            float logit = channels[((FirstClassChannel + index) * _plane) + cell];
            if (logit > classLogit)
            {
                classLogit = logit;
                classId = index;
            }
        }

        float score = Sigmoid(channels[(ObjectnessChannel * _plane) + cell]) * Sigmoid(classLogit);
        if (classId < 0 || !(score >= minScore))
            return;

        ReadOnlySpan<float> box = channels[..(BoxChannels * _plane)];
        int row = cell / _columns;
        int column = cell - (row * _columns);
        AnchorSize size = _head.Anchors[anchor];
        float centreX = ((2f * Sigmoid(box[cell])) - 0.5f + column) * _head.Stride;
        float centreY = ((2f * Sigmoid(box[_plane + cell])) - 0.5f + row) * _head.Stride;
        float halfWidth = Square(2f * Sigmoid(box[(2 * _plane) + cell])) * size.Width / 2f;
        float halfHeight = Square(2f * Sigmoid(box[(3 * _plane) + cell])) * size.Height / 2f;
        CornerBox clipped = new CornerBox(centreX - halfWidth, centreY - halfHeight, centreX + halfWidth, centreY + halfHeight)
            .ClippedTo(content);
        if (clipped.IsAtLeastOnePixel)
            candidates.Add(new Candidate(clipped, score, classId, _firstAnchorIndex + (anchor * _plane) + cell));
    }

    private static float Sigmoid(float value) => 1f / (1f + MathF.Exp(-value));

    private static float Square(float value) => value * value;
}
