using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;

namespace Fairlead.Faces.Http;

/// <summary>Describes the API as OpenAPI 3.1, made from the operations themselves.</summary>
internal static class OpenApi
{
    public static JsonObject Of(IReadOnlyList<Operation> operations)
    {
        var paths = new JsonObject { ["/healthz"] = Health() };
        foreach (var operation in operations)
        {
            paths[$"/api/{operation.Name}"] = new JsonObject { ["post"] = Post(operation) };
        }
        return new()
        {
            ["openapi"] = "3.1.0",
            ["info"] = new JsonObject
            {
                ["title"] = "Fairlead",
                ["version"] = "1",
                ["description"] = "Every operation of Fairlead. Failures are RFC 9457 problems with a code and a fix.",
            },
            ["paths"] = paths,
            ["security"] = new JsonArray(new JsonObject { ["token"] = new JsonArray() }),
            ["components"] = new JsonObject
            {
                ["securitySchemes"] = new JsonObject
                {
                    ["token"] = new JsonObject { ["type"] = "http", ["scheme"] = "bearer" },
                },
                ["schemas"] = new JsonObject { ["Problem"] = Problem() },
            },
        };
    }

    private static JsonObject Post(Operation operation) =>
        new()
        {
            ["operationId"] = operation.Name,
            ["summary"] = operation.Summary,
            ["tags"] = new JsonArray(operation.Name.Split('.')[0]),
            ["x-fairlead-effect"] = operation.Effect.ToString().ToLowerInvariant(),
            ["requestBody"] = new JsonObject
            {
                ["required"] = true,
                ["content"] = Content("application/json", operation.InputSchema.DeepClone()),
            },
            ["responses"] = new JsonObject
            {
                ["200"] = Answer("The operation's output.", "application/json", new JsonObject { ["type"] = "object" }),
                ["default"] = Answer(
                    "What stands in the way.",
                    "application/problem+json",
                    new JsonObject { ["$ref"] = "#/components/schemas/Problem" }
                ),
            },
        };

    private static JsonObject Health() =>
        new()
        {
            ["get"] = new JsonObject
            {
                ["operationId"] = "healthz",
                ["summary"] = "Whether the server answers.",
                ["security"] = new JsonArray(),
                ["responses"] = new JsonObject
                {
                    ["200"] = Answer("It does.", "application/json", new JsonObject { ["type"] = "object" }),
                },
            },
        };

    private static JsonObject Problem()
    {
        var properties = new JsonObject { ["status"] = new JsonObject { ["type"] = "integer" } };
        foreach (var name in (string[])["type", "title", "detail", "code", "fix"])
        {
            properties[name] = new JsonObject { ["type"] = "string" };
        }
        properties["where"] = new JsonObject { ["type"] = new JsonArray("string", "null") };
        properties["problems"] = new JsonObject
        {
            ["type"] = "array",
            ["items"] = new JsonObject { ["type"] = "object" },
        };
        return new() { ["type"] = "object", ["properties"] = properties };
    }

    private static JsonObject Answer(string description, string type, JsonNode schema) =>
        new() { ["description"] = description, ["content"] = Content(type, schema) };

    private static JsonObject Content(string type, JsonNode schema) =>
        new() { [type] = new JsonObject { ["schema"] = schema } };
}
