using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Scraping;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Ends the collecting of a target that somebody named; what was collected stays.</summary>
public static class RemoveScrape
{
    public sealed record Input
    {
        [Description("The target's name, as 'fairlead scrape list' shows it under 'job'.")]
        [Positional]
        public required string Name { get; init; }
    }

    public sealed record Output(string Name);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "scrape.remove",
            "Collect the metrics of a target no more.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead scrape remove node"],
            Needs = Need.OfAll(Permission.Operate),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var known = await engine.Server.Collecting.Targets.SavedAsync(stop);
        if (known.All(one => one.Name != input.Name))
        {
            throw new ProblemException(
                new Problem(
                    "scrape.unknown",
                    What: $"There is no target '{input.Name}' that somebody named.",
                    Why: known.Count == 0
                        ? "None was named; replicas come and go by themselves."
                        : $"There are: {string.Join(", ", known.Select(one => one.Name))}.",
                    Fix: "See all: fairlead scrape list"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        }
        await engine.Server.Store.CommitAsync(
            new Change(engine.Server.Conductor.Fence)
            {
                Writes = [new Write(SavedTarget.Collection, input.Name, Body: null)],
            },
            stop
        );
        engine.Server.Collecting.Scraper?.Ring();
        return new(input.Name);
    }
}
