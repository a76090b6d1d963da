namespace YMaskNet.Server.Tests.Support;

/// <summary>What must be found on the board of two blobs.</summary>
internal static class FoundBlobs
{
    /// <summary>A dull defect around (12, 20) and a bright one around (44, 36), and nothing else.</summary>
    public static void Check(IReadOnlyCollection<Wire.Defect> defects)
    {
        Assert.Equal(["bright", "dull"], defects.Select(defect => defect.ClassName).Order());
        CheckAround(defects.Single(defect => defect.ClassName == "dull"), classId: 0, x: 12, y: 20);
        CheckAround(defects.Single(defect => defect.ClassName == "bright"), classId: 1, x: 44, y: 36);
    }

    private static void CheckAround(Wire.Defect defect, uint classId, float x, float y)
    {
        Assert.Equal(classId, defect.ClassId);
        Assert.InRange(defect.Score, 0.4f, 1f);
        Assert.InRange(defect.Box.X + (defect.Box.Width / 2), x - 3, x + 3);
        Assert.InRange(defect.Box.Y + (defect.Box.Height / 2), y - 3, y + 3);
        Assert.InRange(defect.Box.Width, 6, 16);
        Assert.InRange(defect.Box.Height, 6, 16);
    }
}
