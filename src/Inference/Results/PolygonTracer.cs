using System.Numerics;

namespace YMaskNet.Inference.Results;

/// <summary>
/// Outlines a mask along its pixel edges, so that filling the rings by the even-odd rule gives the mask back.
/// </summary>
/// <remarks>
/// Every ring keeps the mask on its right: in image coordinates (y downwards) outer rings run clockwise and holes
/// counter-clockwise. Where two pixels of the mask touch only at a corner, a ring turns right there and stays with its
/// pixel; so rings may touch at corners, but never cross, and no two share an edge.
/// </remarks>
internal static class PolygonTracer
{
    // Right, down, left, up: a turn to the right is the next one.
    private static readonly (int X, int Y)[] Steps = [(1, 0), (0, 1), (-1, 0), (0, -1)];

    private const int Right = 0;

    /// <summary>Traces all rings, in the order of their top-most, then left-most edges.</summary>
    /// <returns>Corners in image pixels; the last connects to the first, and no three neighbours lie on a line.</returns>
    public static IReadOnlyList<IReadOnlyList<PixelCorner>> Trace(BinaryMask mask)
    {
        List<IReadOnlyList<PixelCorner>> rings = [];
        byte[] untraced = TopEdges(mask);

        // Every ring has an edge that runs to the right, which is the top edge of some pixel. The first one in a row starts
        // at a corner of its ring: an edge before it on the same line would be of the same ring.
        for (int row = 0; row < mask.Height; row++)
        {
            for (int i = 0; i < mask.RowBytes; i++)
            {
                while (untraced[(row * mask.RowBytes) + i] is var bits and not 0)
                {
                    int column = (i * 8) + BitOperations.LeadingZeroCount((uint)bits << 24);
                    rings.Add(TraceRing(mask, untraced, column, row));
                }
            }
        }

        return rings;
    }

    /// <summary>The pixels whose upper neighbour is outside, laid out as the mask.</summary>
    private static byte[] TopEdges(BinaryMask mask)
    {
        byte[] edges = mask.Bits.ToArray();
        for (int i = mask.RowBytes; i < edges.Length; i++)
            edges[i] &= (byte)~mask.Bits[i - mask.RowBytes];
        return edges;
    }

    private static List<PixelCorner> TraceRing(BinaryMask mask, byte[] untraced, int startX, int startY)
    {
        List<PixelCorner> ring = [];
        int x = startX;
        int y = startY;
        int direction = Right;
        do
        {
            ring.Add(new PixelCorner(mask.X + x, mask.Y + y));
            int turn;
            do
            {
                if (direction == Right)
                    untraced[(y * mask.RowBytes) + (x >> 3)] &= (byte)~(0x80 >> (x & 7));
                x += Steps[direction].X;
                y += Steps[direction].Y;
                turn = Turn(mask, x, y, direction);
            }
            while (turn == 0);

            direction = (direction + turn) & 3;
        }
        while (x != startX || y != startY || direction != Right);

        return ring;
    }

    /// <summary>1 to the right, -1 to the left, 0 straight on, for a ring that arrives at a corner.</summary>
    private static int Turn(BinaryMask mask, int x, int y, int direction)
    {
        // The pixels ahead of the corner, to the right and to the left of the way on.
        (int X, int Y) right = direction switch
        {
            0 => (x, y),
            1 => (x - 1, y),
            2 => (x - 1, y - 1),
            _ => (x, y - 1),
        };
        if (!Contains(mask, right.X, right.Y))
            return 1;

        (int X, int Y) left = direction switch
        {
            0 => (x, y - 1),
            1 => (x, y),
            2 => (x - 1, y),
            _ => (x - 1, y - 1),
        };
        return Contains(mask, left.X, left.Y) ? -1 : 0;
    }

    private static bool Contains(BinaryMask mask, int x, int y) =>
        (uint)x < (uint)mask.Width && (uint)y < (uint)mask.Height && mask[x, y];
}
