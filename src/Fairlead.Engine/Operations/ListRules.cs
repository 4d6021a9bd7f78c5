using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>What is looked for all the time.</summary>
public static class ListRules
{
    public sealed record Input;

    public sealed record Output(IReadOnlyList<View> Rules);

    /// <param name="From">fairlead for the usual ones, fairlead.yaml for an app's, or the name of the file that was given.</param>
    /// <param name="State">firing, pending, quiet, no-data (the numbers it needs are lost), waiting (not evaluated yet), or failed.</param>
    /// <param name="Error">Why the last evaluation failed; null when it did not.</param>
    /// <param name="Lost">The parts of its query that find nothing although they did within the last day.</param>
    public sealed record View(
        string Rule,
        string Group,
        string From,
        string? Site,
        string State,
        string? Severity,
        string Query,
        string? Error,
        IReadOnlyList<string> Lost
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "rule.list",
            "List what is looked for all the time, and how it stands.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead rule list"],
            Needs = Need.Of(Permission.Watch),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var server = engine.Server;
        return Task.FromResult(
            new Output([
                .. server
                    .Response.Rules.Watched.Where(one =>
                        one.Watched.Site is { } site ? server.Reach.Has(site) : IsForAll(one.Watched.Group.File, server)
                    )
                    .SelectMany(static one =>
                        one.State.Rules.Select(rule => new View(
                            rule.Name,
                            one.State.Name,
                            one.State.File,
                            one.Watched.Site?.ToString(),
                            rule.Error is not null ? "failed"
                                : rule.EvaluatedAt == 0 ? "waiting"
                                : rule.Alerts.Any(static alert => alert.IsFiring) ? "firing"
                                : rule.Alerts.Count > 0 ? "pending"
                                : rule.Lost.Count > 0 ? "no-data"
                                : "quiet",
                            rule.IsAlerting ? rule.Labels["severity"] : null,
                            rule.Query,
                            rule.Error,
                            rule.Lost
                        ))
                    ),
            ])
        );
    }

    // The usual rules are no secret; files of operators name what they please.
    private static bool IsForAll(string file, ServerSide server) => file == "fairlead" || server.Reach.IsAll;
}
