using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Ends announced work now, or calls it off.</summary>
public static class EndMaintenance
{
    public sealed record Input
    {
        [Description("Its id, as 'fairlead maintenance list' shows it.")]
        [Positional]
        public required string Id { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, MaintenanceView>(
            "maintenance.end",
            "End announced work now, or call it off.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead maintenance end 3f0c9a51"],
            Needs = Need.Of(Permission.Deploy),
        };

    private static async Task<MaintenanceView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var now = engine.World.Now;
        var known = (await engine.Server.Store.ListAsync(Maintenance.Collection, "", stop))
            .Select(Records.Read<Maintenance>)
            .FirstOrDefault(one => one.Id == input.Id && one.To > now && MonitorViews.IsWithin(engine, one.Site));
        if (known is null)
        {
            throw new ProblemException(
                new Problem(
                    "maintenance.unknown",
                    What: $"There is no announced work '{input.Id}'.",
                    Why: "None of this id comes or goes on.",
                    Fix: "See all: fairlead maintenance list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        // What never began was never.
        var ended = known.From < now ? known with { To = now } : null;
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Entries = [AddMaintenance.EntryOf(engine, known, ended is null ? "called off" : "ended")],
                Writes = [new Write(Maintenance.Collection, known.Key, ended is null ? null : Records.Body(ended))],
            },
            stop
        );
        engine.Server.Monitors.Ring();
        return MaintenanceView.Of(ended ?? known with { From = now, To = now }, now);
    }
}
