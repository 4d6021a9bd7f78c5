namespace Fairlead.Engine.Checking.OpenApi;

/// <summary>
/// Compares what a service asks of others: it sends the request and reads the answer, so that what is breaking is the other way round.
/// </summary>
internal sealed class CallDiff(ApiChanges changes, SchemaDiff schemas)
{
    public void Compare(IReadOnlyList<ApiOperation> before, IReadOnlyList<ApiOperation> after)
    {
        var old = before.DistinctBy(static one => one.Key).ToDictionary(static one => one.Key);
        var next = after.DistinctBy(static one => one.Key).ToDictionary(static one => one.Key);
        foreach (var (_, call) in old.Where(one => !next.ContainsKey(one.Key)))
        {
            changes.Add(
                call.IsDeprecated ? Impact.Risky : Impact.Breaking,
                "call-removed",
                call.ToString(),
                ($"{call} is gone.", "Whoever waits for it is not called any more.", call.Written.Place)
            );
        }
        foreach (var (key, call) in next)
        {
            if (old.TryGetValue(key, out var was))
            {
                Both(was, call);
            }
            else
            {
                changes.Add(
                    Impact.Safe,
                    "call-added",
                    call.ToString(),
                    ($"{call} is new.", "Nobody waits for it yet.", call.Written.Place)
                );
            }
        }
    }

    private void Both(ApiOperation was, ApiOperation now)
    {
        Parameters(was, now);
        Bodies(was, now);
        foreach (var (status, answer) in was.Responses)
        {
            if (now.Responses.TryGetValue(status, out var next))
            {
                new ContentDiff(now.ToString(), $"answer {status}", Way.Request).Compare(
                    (answer.Content, next.Content),
                    next.Written.Place,
                    changes,
                    schemas
                );
            }
            else if (status.StartsWith('2'))
            {
                changes.Add(
                    Impact.Breaking,
                    "call-answer-removed",
                    $"{now}: answer {status}",
                    (
                        $"The answer {status} is not expected any more.",
                        "Whoever answers so is not understood.",
                        now.Written.Place
                    )
                );
            }
        }
    }

    private void Parameters(ApiOperation was, ApiOperation now)
    {
        var next = now
            .Parameters.DistinctBy(static one => (one.In, one.Name.ToUpperInvariant()))
            .ToDictionary(static one => (one.In, one.Name.ToUpperInvariant()));
        foreach (var old in was.Parameters)
        {
            var where = $"{now}: {old.In} {old.Name}";
            if (!next.TryGetValue((old.In, old.Name.ToUpperInvariant()), out var other))
            {
                changes.Add(
                    Impact.Breaking,
                    "call-parameter-removed",
                    where,
                    ($"{old.Name} is not sent any more.", "Whoever is called may read it.", now.Written.Place)
                );
                continue;
            }
            if (old.IsRequired && !other.IsRequired)
            {
                changes.Add(
                    Impact.Breaking,
                    "call-parameter-optional",
                    where,
                    ($"{old.Name} may be missing now.", "It was always there.", other.Written.Place)
                );
            }
            schemas.Compare(old.Schema, other.Schema, Way.Response, where);
        }
    }

    private void Bodies(ApiOperation was, ApiOperation now)
    {
        if (was.Body is { } old && (now.Body is not { } kept || (old.IsRequired && !kept.IsRequired)))
        {
            changes.Add(
                Impact.Breaking,
                now.Body is null ? "call-body-removed" : "call-body-optional",
                now.ToString(),
                (
                    now.Body is null ? "No body is sent any more." : "The body may be missing now.",
                    "Whoever is called reads it.",
                    now.Written.Place
                )
            );
        }
        if (was.Body is { } before && now.Body is { } after)
        {
            new ContentDiff(now.ToString(), "body", Way.Response).Compare(
                (before.Content, after.Content),
                after.Written.Place,
                changes,
                schemas
            );
        }
    }
}
