namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Compares what callers say beside the body. Names in the path may change: their places count.</summary>
internal sealed class ParameterDiff(
    (ApiDocument Before, ApiDocument After) documents,
    ApiChanges changes,
    SchemaDiff schemas
)
{
    private string operation = "";

    public void Compare(ApiOperation was, ApiOperation now)
    {
        operation = now.ToString();
        var old = Keyed(was);
        var next = Keyed(now);
        foreach (var (key, parameter) in old)
        {
            if (next.TryGetValue(key, out var other))
            {
                Both(parameter, other);
            }
            else if (parameter.In != "path")
            {
                changes.Add(
                    Impact.Risky,
                    "parameter-removed",
                    Place(parameter),
                    (
                        $"The {parameter.In} parameter {parameter.Name} is gone.",
                        "Whoever sends it is not heard, or refused.",
                        parameter.Written.Place
                    )
                );
            }
        }
        foreach (var (_, parameter) in next.Where(one => !old.ContainsKey(one.Key) && one.Value.In != "path"))
        {
            changes.Add(
                parameter.IsRequired ? Impact.Breaking : Impact.Safe,
                parameter.IsRequired ? "required-parameter-added" : "parameter-added",
                Place(parameter),
                (
                    $"The {parameter.In} parameter {parameter.Name} is new{(parameter.IsRequired ? " and must be sent" : "")}.",
                    parameter.IsRequired ? "Callers do not know it, and are refused." : "It may be sent.",
                    parameter.Written.Place
                )
            );
        }
    }

    private void Both(ApiParameter was, ApiParameter now)
    {
        if (was.IsRequired != now.IsRequired)
        {
            changes.Add(
                now.IsRequired ? Impact.Breaking : Impact.Safe,
                now.IsRequired ? "parameter-required" : "parameter-optional",
                Place(now),
                (
                    $"The {now.In} parameter {now.Name} {(now.IsRequired ? "must be sent now" : "may be left out now")}.",
                    now.IsRequired ? "Whoever leaves it out is refused." : "Who sends it goes on.",
                    now.Written.Place
                )
            );
        }
        var (style, styleNow) = (was.Style(documents.Before), now.Style(documents.After));
        if (style != styleNow)
        {
            changes.Add(
                Impact.Breaking,
                "parameter-style-changed",
                Place(now),
                (
                    $"{now.Name} was written as '{style}' and is as '{styleNow}'.",
                    "What callers write is read as something else.",
                    now.Written.Place
                )
            );
        }
        schemas.Compare(was.Schema, now.Schema, Way.Request, Place(now));
    }

    private string Place(ApiParameter one) => $"{operation}: {one.In} {one.Name}";

    /// <summary>Headers have the same name in any letters; parameters of a path are known by their place in it.</summary>
    private static Dictionary<(string, string), ApiParameter> Keyed(ApiOperation operation)
    {
        var named = new Dictionary<(string, string), ApiParameter>();
        foreach (var one in operation.Parameters)
        {
            var name = one.In switch
            {
                "header" => one.Name.ToLowerInvariant(),
                "path" => ApiOperation.Bare(operation.Path.Split($"{{{one.Name}}}")[0]),
                _ => one.Name,
            };
            _ = named.TryAdd((one.In, name), one);
        }
        return named;
    }
}
