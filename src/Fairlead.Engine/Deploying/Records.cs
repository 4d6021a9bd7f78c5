using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Deploying;

/// <summary>The engine's documents in the store: their collections, keys and JSON.</summary>
public static class Records
{
    public const string Sites = "sites";
    public const string Deployments = "deployments";
    public const string Releases = "releases";
    public const string Parts = "parts";
    public const string Requests = "requests";
    public const string Evidence = "evidence";
    public const string Counters = "counters";

    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            Converters = { new Responding.Alerts.LabelsConverter() },
            // What was measured may be no number: nothing divided by nothing.
            NumberHandling =
                JsonNumberHandling.AllowReadingFromString | JsonNumberHandling.AllowNamedFloatingPointLiterals,
            TypeInfoResolver = new System.Text.Json.Serialization.Metadata.DefaultJsonTypeInfoResolver(),
        };

    /// <summary>A record as a document's body. It is only serialized where bytes are needed, so simulations cost little.</summary>
    public static JsonNode Body<T>(T record)
        where T : notnull => JsonValue.Create(record, Json.GetTypeInfo<T>())!;

    /// <summary>
    /// The same as JSON at once, as <see cref="Json"/> writes it: for records with labels, or with numbers that may be none, which a store that
    /// writes the record itself would write otherwise.
    /// </summary>
    public static JsonNode Tree<T>(T record)
        where T : notnull => JsonSerializer.SerializeToNode(record, Json.GetTypeInfo<T>())!;

    /// <summary>A document's body as a record.</summary>
    public static T Read<T>(Document document) =>
        document.Body is JsonValue value && value.TryGetValue<T>(out var record)
            ? record
            : document.Body.Deserialize<T>(Json)!;

    private static System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> GetTypeInfo<T>(
        this JsonSerializerOptions options
    ) => (System.Text.Json.Serialization.Metadata.JsonTypeInfo<T>)options.GetTypeInfo(typeof(T));
}
