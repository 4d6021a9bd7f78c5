namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>One method on one path, the same whichever version of OpenAPI says it.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Security">Each is enough by itself: schemes by name, with their scopes. Empty when nobody must prove anything.</param>
/// <param name="Responses">By status, range (<c>2XX</c>) or <c>default</c>.</param>
internal sealed record ApiOperation(
    string Method,
    string Path,
    ApiTree Written,
    IReadOnlyList<ApiParameter> Parameters,
    ApiBody? Body,
    IReadOnlyDictionary<string, ApiResponse> Responses,
    IReadOnlyList<IReadOnlyDictionary<string, IReadOnlyList<string>>> Security
)
{
    public bool IsDeprecated => Written.Flag("deprecated");

    public string? Id => Written.Word("operationId");

    /// <summary>Names in braces may be called otherwise: <c>/users/{id}</c> and <c>/users/{userId}</c> are the same to callers.</summary>
    public (string, string) Key => (Method, Bare(Path));

    public static ApiOperation Read(
        ApiDocument document,
        (string Method, string Path) place,
        ApiTree item,
        ApiTree written
    )
    {
        var parameters = ParametersOf(document, item, written);
        return new(
            place.Method,
            place.Path,
            written,
            [.. parameters.Where(static one => one.In is not ("body" or "formData"))],
            document.IsSwagger
                ? SwaggerBodies.Of(document, written, parameters)
                : ApiBody.Read(document, written["requestBody"]),
            ResponsesOf(document, written),
            SecurityOf(written["security"] ?? document.Root["security"])
        );
    }

    public static string Bare(string path)
    {
        var parts = path.Split('{');
        return parts[0]
            + string.Concat(
                parts
                    .Skip(1)
                    .Select(static one =>
                        one.IndexOf('}', StringComparison.Ordinal) is >= 0 and var end ? $"{{}}{one[(end + 1)..]}" : one
                    )
            );
    }

    public override string ToString() => $"{Method} {Path}";

    private static List<ApiParameter> ParametersOf(ApiDocument document, ApiTree item, ApiTree written)
    {
        // What the operation says goes before what its path says.
        var all = new[] { written["parameters"], item["parameters"] }
            .SelectMany(static one => one?.Items ?? [])
            .Select(one => ApiParameter.Read(document, one));
        return [.. all.DistinctBy(static one => (one.In, one.Name))];
    }

    private static Dictionary<string, ApiResponse> ResponsesOf(ApiDocument document, ApiTree written)
    {
        var responses = new Dictionary<string, ApiResponse>(StringComparer.OrdinalIgnoreCase);
        foreach (var (status, response) in written["responses"]?.Members ?? [])
        {
            if (!status.StartsWith("x-", StringComparison.Ordinal))
            {
                _ = responses.TryAdd(status, ApiResponse.Read(document, written, response));
            }
        }
        return responses;
    }

    private static List<IReadOnlyDictionary<string, IReadOnlyList<string>>> SecurityOf(ApiTree? written) =>
        [
            .. (written?.Items ?? []).Select(static one =>
                one.Members.DistinctBy(static member => member.Key)
                    .ToDictionary(
                        static member => member.Key,
                        static member =>
                            (IReadOnlyList<string>)[.. member.Value.Items.Select(static item => item.Text ?? "")]
                    )
            ),
        ];
}

/// <summary>Something that a caller says beside the body.</summary>
/// <param name="In">path, query, header, cookie; in Swagger 2.0 also body and formData.</param>
/// <param name="Schema">Null when nothing is said of it.</param>
internal sealed record ApiParameter(string Name, string In, bool IsRequired, ApiTree? Schema, ApiTree Written)
{
    public static ApiParameter Read(ApiDocument document, ApiTree written)
    {
        var value = document.Resolve(written);
        var place = value.Word("in") ?? "";
        return new(
            value.Word("name") ?? "",
            place,
            value.Flag("required") || place == "path",
            // Swagger 2.0 says it in the parameter itself; content is for texts such as JSON in a query.
            value["schema"]
                ?? (value["content"]?.Members is [var first, ..] ? first.Value["schema"] : null)
                ?? (document.IsSwagger ? value : null),
            value
        );
    }

    /// <summary>How a list or a group is put into the request; of single values there is one way.</summary>
    public string Style(ApiDocument document)
    {
        if (
            SchemaView.Of(document, Schema).Types is not { } types
            || (!types.Contains("array") && !types.Contains("object"))
        )
        {
            return "plain";
        }
        if (document.IsSwagger)
        {
            return Written.Word("collectionFormat") switch
            {
                "multi" => "form, each by itself",
                "ssv" => "spaceDelimited",
                "pipes" => "pipeDelimited",
                "tsv" => "tabs",
                _ => In is "query" ? "form" : "simple",
            };
        }
        var style = Written.Word("style") ?? (In is "query" or "cookie" ? "form" : "simple");
        var isApart = Written["explode"]?.Text is { } said ? said == "true" : style == "form";
        return isApart ? $"{style}, each by itself" : style;
    }
}

/// <summary>What a caller sends.</summary>
/// <param name="Content">Schemas by media type; null where none is said.</param>
internal sealed record ApiBody(bool IsRequired, IReadOnlyDictionary<string, ApiTree?> Content, ApiTree Written)
{
    public static ApiBody? Read(ApiDocument document, ApiTree? written)
    {
        if (written is null)
        {
            return null;
        }
        var value = document.Resolve(written);
        return new(value.Flag("required"), ContentOf(value), value);
    }

    public static Dictionary<string, ApiTree?> ContentOf(ApiTree value) =>
        (value["content"]?.Members ?? [])
            .DistinctBy(static one => one.Key, StringComparer.OrdinalIgnoreCase)
            .ToDictionary(static one => one.Key, static one => one.Value["schema"], StringComparer.OrdinalIgnoreCase);
}

/// <summary>What a caller gets.</summary>
internal sealed record ApiResponse(
    IReadOnlyDictionary<string, ApiTree?> Content,
    IReadOnlyDictionary<string, ApiParameter> Headers,
    ApiTree Written
)
{
    public static ApiResponse Read(ApiDocument document, ApiTree operation, ApiTree written)
    {
        var value = document.Resolve(written);
        return new(
            document.IsSwagger ? SwaggerBodies.ContentOf(document, operation, value) : ApiBody.ContentOf(value),
            (value["headers"]?.Members ?? [])
                .DistinctBy(static one => one.Key, StringComparer.OrdinalIgnoreCase)
                .ToDictionary(
                    static one => one.Key,
                    one => ApiParameter.Read(document, one.Value) with { Name = one.Key, In = "header" },
                    StringComparer.OrdinalIgnoreCase
                ),
            value
        );
    }
}
