using System.Text.Json;

namespace Fairlead.Drivers.Intakes;

/// <summary>One action of a bulk request, and what became of it.</summary>
/// <param name="Action">create, index, update or delete.</param>
/// <param name="Document">Its JSON; null where the action has none.</param>
/// <param name="Failure">Why it was not done; null when it was.</param>
internal sealed record BulkItem(string Action, string Index, string? Document, BulkFailure? Failure)
{
    public void Write(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteStartObject(Action);
        json.WriteString("_index", Index);
        if (Failure is { } failure)
        {
            json.WriteNumber("status", failure.Status);
            json.WriteStartObject("error");
            json.WriteString("type", failure.Type);
            json.WriteString("reason", failure.Reason);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNumber("_version", 1);
            json.WriteString("result", "created");
            json.WriteNumber("status", 201);
        }
        json.WriteEndObject();
        json.WriteEndObject();
    }
}

/// <param name="Type">As Elasticsearch names it.</param>
internal sealed record BulkFailure(int Status, string Type, string Reason);
