using System.ComponentModel;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>How inputs and outputs are written as JSON, and the schemas of inputs with each property's [Description].</summary>
public static class Schemas
{
    public static JsonSerializerOptions Json { get; } =
        new(JsonSerializerDefaults.Web)
        {
            TypeInfoResolver = new DefaultJsonTypeInfoResolver(),
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            RespectNullableAnnotations = true,
            NumberHandling = JsonNumberHandling.Strict,
            DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        };

    public static JsonObject Of(Type type) =>
        (JsonObject)
            Json.GetJsonSchemaAsNode(
                type,
                new() { TransformSchemaNode = Describe, TreatNullObliviousAsNonNullable = true }
            );

    private static JsonNode Describe(JsonSchemaExporterContext at, JsonNode schema)
    {
        var description = at.PropertyInfo?.AttributeProvider?.GetCustomAttributes(
            typeof(DescriptionAttribute),
            inherit: true
        );
        if (at.TypeInfo.Type == typeof(Secret))
        {
            schema = new JsonObject
            {
                ["type"] = "string",
                ["format"] = "password",
                ["writeOnly"] = true,
            };
        }
        if (schema is JsonObject known && description is [DescriptionAttribute text, ..])
        {
            known.Insert(0, "description", text.Description);
        }
        return schema;
    }
}
