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

    /// <summary>A schema's <c>type</c> for people, such as <c>a whole number</c>.</summary>
    public static string Said(JsonNode type) =>
        string.Join(
            " or ",
            (type as JsonArray ?? [type.DeepClone()])
                .Select(static one => (string?)one)
                .Where(static one => one != "null")
                .Select(static one =>
                    one switch
                    {
                        "integer" => "a whole number",
                        "number" => "a number",
                        "boolean" => "true or false",
                        "array" => "a list",
                        "object" => "an object",
                        _ => "a text",
                    }
                )
        );

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
