using System.Text;
using System.Text.Json.Nodes;
using Fairlead.Engine.Checking.OpenApi;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Checking.Contracts;

/// <summary>One request that the document promises an answer to.</summary>
/// <param name="Order">Null when none can be made, for the reason.</param>
/// <param name="IsGuess">Its values were made up, so that what it asks for need not be there.</param>
internal sealed record ContractCase(ApiOperation Operation, CallOrder? Order, bool IsGuess, string? Reason)
{
    private const string Json = "application/json";
    private const string Form = "application/x-www-form-urlencoded";

    /// <param name="at">Where the service is, with the part of the path that all operations have in common.</param>
    public static ContractCase Of(
        ApiDocument document,
        ApiOperation operation,
        Uri at,
        IReadOnlyList<KeyValuePair<string, string>> headers
    )
    {
        var sample = new Sample(document);
        var path = operation.Path;
        var query = new List<string>();
        var all = new List<KeyValuePair<string, string>>(headers);
        var isGuess = false;
        foreach (var parameter in operation.Parameters.Where(static one => one.IsRequired))
        {
            var example = sample.Example(parameter.Written, parameter.Schema);
            if ((example is null ? sample.Of(parameter.Schema) : Sample.Json(example)) is not { } value)
            {
                return new(operation, null, false, $"No value for {parameter.Name} can be made; give it an example.");
            }
            isGuess |= example is null && parameter.In == "path";
            var text = Text(value);
            switch (parameter.In)
            {
                case "path":
                    path = path.Replace($"{{{parameter.Name}}}", Uri.EscapeDataString(text), StringComparison.Ordinal);
                    break;
                case "query":
                    query.Add($"{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(text)}");
                    break;
                case "header"
                    when !all.Exists(one => string.Equals(one.Key, parameter.Name, StringComparison.OrdinalIgnoreCase)):
                    all.Add(new(parameter.Name, OneLine(text)));
                    break;
                case "cookie":
                    all.Add(new("Cookie", OneLine($"{parameter.Name}={Uri.EscapeDataString(text)}")));
                    break;
                default:
                    break;
            }
        }
        // A path such as '@example.com' would make another host of ours.
        var whole =
            $"{at.GetLeftPart(UriPartial.Authority)}{at.AbsolutePath.TrimEnd('/')}{path}{(query.Count == 0 ? "" : $"?{string.Join('&', query)}")}";
        if (
            !path.StartsWith('/')
            || !Uri.TryCreate(whole, UriKind.Absolute, out var url)
            || url.Authority != at.Authority
        )
        {
            return new(operation, null, false, "Its path is none.");
        }
        return WithBody(document, operation, (sample, isGuess), new(operation.Method, url, all));
    }

    private static ContractCase WithBody(
        ApiDocument document,
        ApiOperation operation,
        (Sample Sample, bool IsGuess) made,
        CallOrder order
    )
    {
        if (operation.Body is not { } body || body.Content.Count == 0)
        {
            return new(operation, order, made.IsGuess, null);
        }
        foreach (var (type, schema) in body.Content.OrderByDescending(static one => one.Key == Json))
        {
            var holder = body.Written["content"]?[type];
            var example = made.Sample.Example(holder, schema);
            var value = example is null ? made.Sample.Of(schema) : Sample.Json(example);
            byte[]? bytes =
                value is null ? null
                : IsJson(type) ? Encoding.UTF8.GetBytes(value.ToJsonString())
                : type == Form && value is JsonObject fields
                    ? Encoding.UTF8.GetBytes(
                        string.Join(
                            '&',
                            fields.Select(static one =>
                                $"{Uri.EscapeDataString(one.Key)}={Uri.EscapeDataString(Text(one.Value))}"
                            )
                        )
                    )
                : value is JsonValue && example is not null ? Encoding.UTF8.GetBytes(Text(value))
                : null;
            if (bytes is not null)
            {
                return new(
                    operation,
                    order with
                    {
                        Headers = [.. order.Headers, new("Content-Type", type)],
                        Body = bytes,
                    },
                    made.IsGuess,
                    null
                );
            }
        }
        return body.IsRequired
            ? new(operation, null, false, "No body can be made; give it an example.")
            : new(operation, order, made.IsGuess, null);
    }

    internal static bool IsJson(string type)
    {
        var name = type.Split(';')[0].Trim();
        return name.Equals(Json, StringComparison.OrdinalIgnoreCase)
            || name.EndsWith("+json", StringComparison.OrdinalIgnoreCase);
    }

    private static string Text(JsonNode? value) =>
        value switch
        {
            null => "",
            JsonArray list => string.Join(',', list.Select(Text)),
            JsonValue one when one.TryGetValue<string>(out var text) => text,
            _ => value.ToJsonString(),
        };

    private static string OneLine(string text) => text.ReplaceLineEndings(" ");
}
