namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Bodies of Swagger 2.0, said by parameters and lists of media types, in the way of OpenAPI 3.</summary>
internal static class SwaggerBodies
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    public static ApiBody? Of(ApiDocument document, ApiTree operation, IReadOnlyList<ApiParameter> parameters)
    {
        if (parameters.FirstOrDefault(static one => one.In == "body") is { } body)
        {
            return new(
                body.IsRequired,
                Types(document, operation, "consumes", Json)
                    .ToDictionary(static one => one, _ => body.Written["schema"]),
                body.Written
            );
        }
        List<ApiParameter> fields = [.. parameters.Where(static one => one.In == "formData")];
        if (fields.Count == 0)
        {
            return null;
        }
        var line = fields[0].Written.Line;
        ApiTree schema = ApiTree.Group(
            line,
            [
                new("type", ApiTree.Of(line, "object", isText: true)),
                new(
                    "required",
                    ApiTree.List(
                        line,
                        [
                            .. fields
                                .Where(static one => one.IsRequired)
                                .Select(static one => ApiTree.Of(one.Written.Line, one.Name, isText: true)),
                        ]
                    )
                ),
                new(
                    "properties",
                    ApiTree.Group(line, [.. fields.Select(static one => KeyValuePair.Create(one.Name, one.Written))])
                ),
            ]
        );
        return new(
            fields.Exists(static one => one.IsRequired),
            Types(document, operation, "consumes", Form).ToDictionary(static one => one, _ => (ApiTree?)schema),
            fields[0].Written
        );
    }

    public static IReadOnlyDictionary<string, ApiTree?> ContentOf(
        ApiDocument document,
        ApiTree operation,
        ApiTree response
    ) =>
        response["schema"] is { } schema
            ? Types(document, operation, "produces", Json).ToDictionary(static one => one, _ => (ApiTree?)schema)
            : new Dictionary<string, ApiTree?>();

    private static IEnumerable<string> Types(ApiDocument document, ApiTree operation, string key, string usual)
    {
        var said = operation[key] is null ? document.Root.Words(key) : operation.Words(key);
        return said.Count == 0 ? [usual] : said.Distinct(StringComparer.OrdinalIgnoreCase);
    }
}
