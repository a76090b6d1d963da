using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using YMaskNet.Client.Masks;
using YMaskNet.Client.Tool.Commands;
using YMaskNet.Client.Tool.Inspection;
using YMaskNet.V1;

namespace YMaskNet.Client.Tool.Reports;

/// <summary>
/// One JSON object per image and line. Boxes are in image pixels, masks are compressed COCO run lengths over the whole
/// image; results without masks have no <c>mask</c>.
/// </summary>
internal sealed class JsonReport : IDisposable
{
    private static readonly JsonWriterOptions WriterOptions = new()
    {
        // The only characters of a mask's counts that JSON must escape are backslashes; file names stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly TextWriter _output;
    private readonly bool _ownsOutput;
    private readonly InspectionPlan _plan;
    private readonly ArrayBufferWriter<byte> _line = new();

    private JsonReport(TextWriter output, bool ownsOutput, InspectionPlan plan)
    {
        _output = output;
        _ownsOutput = ownsOutput;
        _plan = plan;
    }

    /// <summary>Begins a report.</summary>
    /// <param name="path">A file, or <see cref="InspectSettings.StandardOutput"/>; <see langword="null"/> for no report.</param>
    /// <param name="standardOutput">Where standard output goes.</param>
    /// <param name="plan">What is done with the images.</param>
    public static JsonReport? Open(string? path, TextWriter standardOutput, InspectionPlan plan) => path switch
    {
        null => null,
        InspectSettings.StandardOutput => new JsonReport(standardOutput, ownsOutput: false, plan),
        _ => new JsonReport(new StreamWriter(path), ownsOutput: true, plan),
    };

    public void Write(ImageOutcome outcome)
    {
        _line.ResetWrittenCount();
        using (Utf8JsonWriter json = new(_line, WriterOptions))
        {
            json.WriteStartObject();
            json.WriteString("image", outcome.File.Name);
            if (outcome is InspectedImage image)
                WriteInspected(json, image);
            else
                WriteFailed(json, (FailedImage)outcome);
            json.WriteEndObject();
        }

        _output.Write(Encoding.UTF8.GetString(_line.WrittenSpan));
        _output.Write('\n');
        _output.Flush();
    }

    public void Dispose()
    {
        if (_ownsOutput)
            _output.Dispose();
    }

    private void WriteInspected(Utf8JsonWriter json, InspectedImage image)
    {
        json.WriteNumber("width", image.Size.Width);
        json.WriteNumber("height", image.Size.Height);
        json.WriteString("model", $"{image.Model.Name}/{image.Model.Version}");
        if (_plan.IsSemantic)
        {
            json.WriteStartArray("regions");
            foreach (Region region in image.Regions)
                WriteRegion(json, region, image.Size);
        }
        else
        {
            json.WriteStartArray("defects");
            foreach (Defect defect in image.Defects)
                WriteDefect(json, defect, image.Size);
        }

        json.WriteEndArray();
    }

    private void WriteDefect(Utf8JsonWriter json, Defect defect, ImageSize size)
    {
        json.WriteStartObject();
        json.WriteString("class", defect.ClassName);
        WriteFloat(json, "score", defect.Score);
        WriteBox(json, defect.Box);
        if (_plan.HasMasks)
            WriteMask(json, defect.Mask, size);
        json.WriteEndObject();
    }

    private static void WriteRegion(Utf8JsonWriter json, Region region, ImageSize size)
    {
        json.WriteStartObject();
        json.WriteString("class", region.ClassName);
        json.WriteNumber("area", region.Area);
        WriteBox(json, region.Box);
        json.WriteStartObject("centroid");
        WriteFloat(json, "x", region.Centroid.X);
        WriteFloat(json, "y", region.Centroid.Y);
        json.WriteEndObject();
        WriteMask(json, region.Mask, size);
        json.WriteEndObject();
    }

    private static void WriteFailed(Utf8JsonWriter json, FailedImage failed)
    {
        json.WriteStartObject("error");
        json.WriteString("status", failed.Status);
        json.WriteString("reason", failed.Reason);
        json.WriteString("message", failed.Message);
        json.WriteEndObject();
    }

    private static void WriteBox(Utf8JsonWriter json, Box box)
    {
        json.WriteStartObject("box");
        WriteFloat(json, "x", box.X);
        WriteFloat(json, "y", box.Y);
        WriteFloat(json, "width", box.Width);
        WriteFloat(json, "height", box.Height);
        json.WriteEndObject();
    }

    private static void WriteMask(Utf8JsonWriter json, Mask? mask, ImageSize size)
    {
        // An empty mask has no encoding on the wire; here it is one run of pixels outside.
        string counts = mask?.EncodingCase == Mask.EncodingOneofCase.CocoRle
            ? mask.CocoRle.Counts
            : RunLengthMask.FromBitmap(MaskBitmap.Empty, (int)size.Height, (int)size.Width).ToCounts();
        json.WriteStartObject("mask");
        json.WriteStartArray("size");
        json.WriteNumberValue(size.Height);
        json.WriteNumberValue(size.Width);
        json.WriteEndArray();
        json.WriteString("counts", counts);
        json.WriteEndObject();
    }

    private static void WriteFloat(Utf8JsonWriter json, string name, float value)
    {
        json.WritePropertyName(name);
        json.WriteRawValue(DecimalNumber.Format(value), skipInputValidation: true);
    }
}
