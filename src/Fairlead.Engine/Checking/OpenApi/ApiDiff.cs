namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Compares two documents of one API by what a change does to callers who know the old one. Pure.</summary>
internal sealed class ApiDiff
{
    private readonly ApiDocument before;
    private readonly ApiDocument after;
    private readonly ApiChanges changes;
    private readonly SchemaDiff schemas;
    private readonly DateOnly today;

    private ApiDiff(ApiDocument before, ApiDocument after, DateOnly today)
    {
        (this.before, this.after, this.today) = (before, after, today);
        changes = new(after.File);
        schemas = new(before, after, changes);
    }

    /// <returns>The worst first; of equal ones in the order of the new document.</returns>
    public static IReadOnlyList<ApiChange> Of(ApiDocument before, ApiDocument after, DateOnly today)
    {
        var diff = new ApiDiff(before, after, today);
        diff.Compare();
        return [.. diff.changes.All.OrderByDescending(static one => one.Impact)];
    }

    private void Compare()
    {
        var old = before.Operations.DistinctBy(static one => one.Key).ToDictionary(static one => one.Key);
        var next = after.Operations.DistinctBy(static one => one.Key).ToDictionary(static one => one.Key);
        foreach (var (key, operation) in old.Where(one => !next.ContainsKey(one.Key)))
        {
            Gone(operation, next.Keys.Any(one => one.Item2 == key.Item2));
        }
        foreach (var (key, operation) in next)
        {
            if (old.TryGetValue(key, out var was))
            {
                Operation(was, operation);
            }
            else
            {
                changes.Add(
                    Impact.Safe,
                    "operation-added",
                    operation.ToString(),
                    ($"{operation} is new.", "Nobody calls it yet.", operation.Written.Place)
                );
            }
        }
        new CallDiff(changes, schemas).Compare(before.Calls, after.Calls);
        Schemes();
        Servers();
    }

    private void Gone(ApiOperation operation, bool hasPath)
    {
        var rule = hasPath ? "operation-removed" : "path-removed";
        var line = operation.Written.Place;
        if (!operation.IsDeprecated)
        {
            changes.Add(
                Impact.Breaking,
                rule,
                operation.ToString(),
                ($"{operation} is gone.", "Whoever calls it fails.", line)
            );
            return;
        }
        var isOver =
            DateOnly.TryParse(
                operation.Written.Word("x-sunset"),
                System.Globalization.CultureInfo.InvariantCulture,
                out var end
            )
            && end < today;
        changes.Add(
            isOver ? Impact.Safe : Impact.Risky,
            rule,
            operation.ToString(),
            (
                $"{operation} is gone.",
                isOver
                    ? $"It was deprecated, and its end was announced for {end:yyyy-MM-dd}."
                    : "It was deprecated, but no day for its end (x-sunset) has passed.",
                line
            )
        );
    }

    private void Operation(ApiOperation was, ApiOperation now)
    {
        var name = now.ToString();
        var line = now.Written.Place;
        if (!was.IsDeprecated && now.IsDeprecated)
        {
            changes.Add(Impact.Safe, "operation-deprecated", name, ($"{name} is deprecated.", "It still works.", line));
        }
        if (was.Id is { } old && now.Id != old)
        {
            changes.Add(
                Impact.Risky,
                "operation-id-changed",
                name,
                (
                    $"It was called {old} and is called {now.Id ?? "nothing"}.",
                    "Clients that are generated call it by that name.",
                    line
                )
            );
        }
        new ParameterDiff((before, after), changes, schemas).Compare(was, now);
        Bodies(was.Body, now.Body, now);
        new ResponseDiff(name, changes, schemas).Compare(was.Responses, now.Responses, line);
        SecurityDiff.Compare(was, now, changes);
    }

    private void Bodies(ApiBody? was, ApiBody? now, ApiOperation operation)
    {
        var name = operation.ToString();
        if (was is null || now is null)
        {
            if (now is not null)
            {
                changes.Add(
                    now.IsRequired ? Impact.Breaking : Impact.Safe,
                    now.IsRequired ? "required-body-added" : "body-added",
                    name,
                    (
                        now.IsRequired ? "A body must be sent." : "A body may be sent.",
                        now.IsRequired ? "Callers send none, and are refused." : "Nobody sends one yet.",
                        now.Written.Place
                    )
                );
            }
            else if (was is not null)
            {
                changes.Add(
                    Impact.Risky,
                    "body-removed",
                    name,
                    (
                        "No body is taken any more.",
                        "What callers send in it has no effect, or is refused.",
                        was.Written.Place
                    )
                );
            }
            return;
        }
        if (was.IsRequired != now.IsRequired)
        {
            changes.Add(
                now.IsRequired ? Impact.Breaking : Impact.Safe,
                now.IsRequired ? "body-required" : "body-optional",
                name,
                (
                    now.IsRequired ? "A body must be sent." : "The body may be left out.",
                    now.IsRequired ? "Whoever sends none is refused." : "Who sends one goes on.",
                    now.Written.Place
                )
            );
        }
        new ContentDiff(name, "request", Way.Request).Compare(
            (was.Content, now.Content),
            now.Written.Place,
            changes,
            schemas
        );
    }

    private void Schemes()
    {
        foreach (var (name, written) in before.SecuritySchemes?.Members ?? [])
        {
            if (after.SecuritySchemes?[name] is not { } other)
            {
                continue; // Whoever asked for it asks for another now, which operations tell.
            }
            var (was, now) = (before.Resolve(written), after.Resolve(other));
            foreach (var key in (string[])["type", "in", "name", "scheme", "openIdConnectUrl"])
            {
                if (!string.Equals(was.Word(key), now.Word(key), StringComparison.OrdinalIgnoreCase))
                {
                    changes.Add(
                        Impact.Breaking,
                        "security-scheme-changed",
                        $"security {name}",
                        (
                            $"{key} was {was.Word(key) ?? "not said"} and is {now.Word(key) ?? "not said"}.",
                            "Callers prove who they are in another way.",
                            now.Place
                        )
                    );
                }
            }
        }
    }

    private void Servers()
    {
        var now = Places(after);
        foreach (var server in Places(before).Where(one => now.Count > 0 && !now.Contains(one)))
        {
            changes.Add(
                Impact.Risky,
                "server-removed",
                $"server {server}",
                (
                    $"The server {server} is gone.",
                    "Callers may know the API by that address.",
                    after.Root["servers"]?.Place ?? after.Root.Place
                )
            );
        }
    }

    private static List<string> Places(ApiDocument document) =>
        document.IsSwagger
            ? document.Root.Word("host") is { } host
                ? [host + document.Root.Word("basePath")]
                : []
            :
            [
                .. (document.Root["servers"]?.Items ?? [])
                    .Select(static one => one.Word("url"))
                    .OfType<string>()
                    .Distinct(),
            ];
}
