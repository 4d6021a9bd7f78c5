namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>Compares what callers get.</summary>
internal sealed class ResponseDiff(string operation, ApiChanges changes, SchemaDiff schemas)
{
    public void Compare(
        IReadOnlyDictionary<string, ApiResponse> was,
        IReadOnlyDictionary<string, ApiResponse> now,
        ApiPlace line
    )
    {
        foreach (var (status, response) in was)
        {
            // Who is told more exactly than before is told the same.
            if (now.GetValueOrDefault(status) is { } next)
            {
                Both(status, response, next);
            }
            else
            {
                var isGood = status.StartsWith('2');
                changes.Add(
                    isGood ? Impact.Breaking : Impact.Safe,
                    "response-removed",
                    Place(status),
                    (
                        $"The response {status} is gone.",
                        isGood ? "Callers expect it when all went well." : "Callers no longer get it.",
                        line
                    )
                );
            }
        }
        foreach (var status in now.Keys.Where(one => !was.ContainsKey(one)))
        {
            var isUnexpected =
                status.StartsWith('2') && was.Keys.Any(static one => one.StartsWith('2')) && !was.ContainsKey("2XX");
            changes.Add(
                isUnexpected ? Impact.Risky : Impact.Safe,
                "response-added",
                Place(status),
                (
                    $"The response {status} is new.",
                    isUnexpected ? "Callers may not take it for success." : "It is told apart by its status.",
                    now[status].Written.Place
                )
            );
        }
    }

    private void Both(string status, ApiResponse was, ApiResponse now)
    {
        var place = Place(status);
        new ContentDiff(operation, $"response {status}", Way.Response).Compare(
            (was.Content, now.Content),
            now.Written.Place,
            changes,
            schemas
        );
        foreach (var (name, header) in was.Headers)
        {
            if (now.Headers.GetValueOrDefault(name) is not { } other)
            {
                changes.Add(
                    header.IsRequired ? Impact.Breaking : Impact.Risky,
                    "header-removed",
                    $"{place} header {name}",
                    (
                        $"The header {name} is gone.",
                        header.IsRequired ? "It was always there." : "Callers may read it.",
                        header.Written.Place
                    )
                );
                continue;
            }
            if (header.IsRequired && !other.IsRequired)
            {
                changes.Add(
                    Impact.Breaking,
                    "header-optional",
                    $"{place} header {name}",
                    ($"The header {name} may be missing now.", "It was always there.", other.Written.Place)
                );
            }
            schemas.Compare(header.Schema, other.Schema, Way.Response, $"{place} header {name}");
        }
    }

    private string Place(string status) => $"{operation}: response {status}";
}
