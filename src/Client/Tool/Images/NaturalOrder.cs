namespace YMaskNet.Client.Tool.Images;

/// <summary>Orders names as people do: numbers within them by value, so that <c>board-2</c> comes before <c>board-10</c>.</summary>
internal sealed class NaturalOrder : IComparer<string>
{
    public static NaturalOrder Instance { get; } = new();

    public int Compare(string? left, string? right)
    {
        if (left is null || right is null)
            return string.CompareOrdinal(left, right);

        ReadOnlySpan<char> restOfLeft = left;
        ReadOnlySpan<char> restOfRight = right;
        while (!restOfLeft.IsEmpty && !restOfRight.IsEmpty)
        {
            int order = char.IsAsciiDigit(restOfLeft[0]) && char.IsAsciiDigit(restOfRight[0])
                ? CompareNumbers(TakeNumber(ref restOfLeft), TakeNumber(ref restOfRight))
                : char.ToLowerInvariant(Take(ref restOfLeft)).CompareTo(char.ToLowerInvariant(Take(ref restOfRight)));
            if (order != 0)
                return order;
        }

        int byLength = restOfLeft.Length.CompareTo(restOfRight.Length);
        // Names that differ in case or leading zeros alone still have one order.
        return byLength != 0 ? byLength : string.CompareOrdinal(left, right);
    }

    /// <summary>By value, of any length: without leading zeros the longer number is the larger one.</summary>
    private static int CompareNumbers(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        left = left.TrimStart('0');
        right = right.TrimStart('0');
        return left.Length != right.Length ? left.Length.CompareTo(right.Length) : left.SequenceCompareTo(right);
    }

    private static ReadOnlySpan<char> TakeNumber(ref ReadOnlySpan<char> text)
    {
        int length = text.IndexOfAnyExceptInRange('0', '9');
        ReadOnlySpan<char> number = length < 0 ? text : text[..length];
        text = text[number.Length..];
        return number;
    }

    private static char Take(ref ReadOnlySpan<char> text)
    {
        char first = text[0];
        text = text[1..];
        return first;
    }
}
