using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Incidents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Joins an incident to another that is the same.</summary>
public static class MergeIncident
{
    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }

        [Description("The incident that goes on.")]
        public required int Into { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, IncidentView>(
            "incident.merge",
            "Join it to another that is the same.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead incident merge 8 --into 7"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Freely,
        };

    private static async Task<IncidentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var book = engine.Server.Incidents;
        var (merged, into) = (await book.FindAsync(input.Incident, stop), await book.FindAsync(input.Into, stop));
        if (merged.Number == into.Number || into.MergedInto is not null)
        {
            throw new ProblemException(
                new Problem(
                    "incident.no-merge",
                    What: $"Incident {merged.Number} cannot be joined to {into.Number}.",
                    Why: merged.Number == into.Number
                        ? "It is the same."
                        : $"That one was joined to {into.MergedInto} itself.",
                    Fix: "Name another with --into."
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        await book.ChangeAsync(
            merged,
            now =>
                (
                    now with
                    {
                        State = IncidentState.Resolved,
                        ResolvedAt = now.ResolvedAt ?? engine.World.Now,
                        MergedInto = into.Number,
                    }
                ).With(engine.World.Now, "state", $"Joined to incident {into.Number}.", $"{engine.Caller}"),
            stop
        );
        return await IncidentChanges.ChangeAsync(
            engine,
            into.Number,
            now =>
                (
                    now with
                    {
                        StartedAt = merged.StartedAt < now.StartedAt ? merged.StartedAt : now.StartedAt,
                        Alerts = [.. now.Alerts.Union(merged.Alerts, StringComparer.Ordinal)],
                        AlertNames = [.. now.AlertNames.Union(merged.AlertNames, StringComparer.Ordinal)],
                        Services = [.. now.Services.Union(merged.Services, StringComparer.Ordinal)],
                    }
                ).With(
                    engine.World.Now,
                    "note",
                    $"Incident {merged.Number} is the same: {merged.Title}",
                    $"{engine.Caller}"
                ),
            stop
        );
    }
}
