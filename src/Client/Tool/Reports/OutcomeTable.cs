using System.Globalization;
using Spectre.Console;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.V1;
using Region = YMaskNet.V1.Region;

namespace YMaskNet.Client.Tool.Reports;

/// <summary>Shows what became of an image: a headline, and a table of what was found.</summary>
internal static class OutcomeTable
{
    public static void Write(IAnsiConsole console, ImageOutcome outcome, int number, int count)
    {
        string place = count > 1 ? $"[{number}/{count}] " : "";
        if (outcome is FailedImage failed)
        {
            string reason = failed.Reason.Length > 0 ? $"{failed.Status}, {failed.Reason}" : failed.Status;
            console.WriteLine($"{place}{failed.File.Name}: failed ({reason}): {failed.Message}");
            return;
        }

        InspectedImage image = (InspectedImage)outcome;
        string found = image.Regions.Count > 0
            ? Plural.Of(image.Regions.Count, "region")
            : Plural.Of(image.Defects.Count, "defect");
        console.WriteLine($"{place}{image.File.Name} ({image.Size.Width} x {image.Size.Height}): {found}");
        if (image.Defects.Count > 0)
            console.Write(TableOf(image.Defects));
        if (image.Regions.Count > 0)
            console.Write(TableOf(image.Regions));
    }

    private static Table TableOf(IReadOnlyList<Defect> defects)
    {
        Table table = NewTable("class", "score", "x", "y", "width", "height", "mask area");
        foreach (Defect defect in defects)
        {
            table.AddRow(
            [
                new Text(defect.ClassName),
                new Text(defect.Score.ToString("0.000", CultureInfo.InvariantCulture)),
                .. BoxCells(defect.Box),
                new Text(defect.Mask is { } mask ? mask.Area.ToString(CultureInfo.InvariantCulture) : "-"),
            ]);
        }

        return table;
    }

    private static Table TableOf(IReadOnlyList<Region> regions)
    {
        Table table = NewTable("class", "area", "x", "y", "width", "height", "centroid");
        foreach (Region region in regions)
        {
            table.AddRow(
            [
                new Text(region.ClassName),
                new Text(region.Area.ToString(CultureInfo.InvariantCulture)),
                .. BoxCells(region.Box),
                new Text($"{Pixels(region.Centroid.X)}, {Pixels(region.Centroid.Y)}"),
            ]);
        }

        return table;
    }

    private static Table NewTable(string first, params string[] numbers)
    {
        Table table = new Table { Border = TableBorder.Simple }.AddColumn(first);
        foreach (string number in numbers)
            table.AddColumn(number, column => column.RightAligned().NoWrap());
        return table;
    }

    private static Text[] BoxCells(Box box) =>
        [new(Pixels(box.X)), new(Pixels(box.Y)), new(Pixels(box.Width)), new(Pixels(box.Height))];

    private static string Pixels(float value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
