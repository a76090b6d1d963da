namespace YMaskNet.Server.Tests.Support;

/// <summary>What must be found on the board of two blobs.</summary>
internal static class FoundBlobs
{
    /// <summary>
    /// Dull defects around (12, 20) and bright ones around (44, 36), and nothing else: each blob is found by one or two
    /// anchors, whose boxes overlap too little to suppress one another.
    /// </summary>
    public static void Check(IReadOnlyCollection<Wire.Defect> defects)
    {
        Assert.Equal(["bright", "dull"], defects.Select(defect => defect.ClassName).Distinct().Order());
        Assert.InRange(defects.Count, 2, 4);
        Assert.All(defects, defect =>
        {
            (uint classId, float x, float y) = defect.ClassName == "dull" ? (0u, 12f, 20f) : (1u, 44f, 36f);
            Assert.Equal(classId, defect.ClassId);
            Assert.InRange(defect.Score, 0.4f, 1f);
            Assert.InRange(defect.Box.X + (defect.Box.Width / 2), x - 3, x + 3);
            Assert.InRange(defect.Box.Y + (defect.Box.Height / 2), y - 3, y + 3);
            Assert.InRange(defect.Box.Width, 8, 24);
            Assert.InRange(defect.Box.Height, 8, 16);
        });
    }
}
