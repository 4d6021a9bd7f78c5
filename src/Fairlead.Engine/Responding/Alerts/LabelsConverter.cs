using System.Text.Json;
using System.Text.Json.Serialization;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Alerts;

/// <summary>Labels in documents: an object with a text for each name.</summary>
internal sealed class LabelsConverter : JsonConverter<Labels>
{
    public override Labels Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Labels.Of(
            (JsonSerializer.Deserialize<Dictionary<string, string>>(ref reader, options) ?? []).Select(
                static one => new Label(one.Key, one.Value)
            )
        );

    public override void Write(Utf8JsonWriter writer, Labels value, JsonSerializerOptions options)
    {
        writer.WriteStartObject();
        foreach (var (name, text) in value)
        {
            writer.WriteString(name, text);
        }
        writer.WriteEndObject();
    }
}
