using System.Text.Json;

namespace YMaskNet.Calibration;

/// <summary>
/// Writes what was seen as JSON: <c>images</c>, their number, and <c>stages</c>, by stage and tensor <c>min</c>, <c>max</c>,
/// <c>limit</c> and <c>counts</c> of the histogram, and <c>channelMeans</c>.
/// </summary>
internal static class ObservationFile
{
    public static void Write(string path, int imageCount, IReadOnlyDictionary<string, ObservedNetwork> networks)
    {
        using FileStream file = File.Create(path);
        using Utf8JsonWriter json = new(file);
        json.WriteStartObject();
        json.WriteNumber("images", imageCount);
        json.WriteStartObject("stages");
        foreach ((string stage, ObservedNetwork network) in networks)
        {
            json.WriteStartObject(stage);
            foreach ((string name, TensorObserver observer) in network.Observers.Where(entry => entry.Value.HasValues))
                Write(json, name, observer);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, TensorObserver observer)
    {
        json.WriteStartObject(name);
        json.WriteNumber("min", observer.Min);
        json.WriteNumber("max", observer.Max);
        json.WriteNumber("limit", observer.Limit);
        json.WriteStartArray("counts");
        foreach (long count in observer.Counts)
            json.WriteNumberValue(count);
        json.WriteEndArray();
        json.WriteStartArray("channelMeans");
        foreach (double mean in observer.ChannelMeans())
            json.WriteNumberValue(mean);
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
