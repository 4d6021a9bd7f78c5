using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Says how the runs of a job went.</summary>
public static class ListJobRuns
{
    public sealed record Input
    {
        [Description("The job, as in the manifest; left out where the app has only one.")]
        [Positional]
        public string? Job { get; init; }

        [Description("App name, as in the manifest.")]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("How many at most, the newest first: 1 to 50.")]
        [Range(1, JobRun.KeptMax)]
        public int Max { get; init; } = 20;

        [Description("The last lines that each printed, too.")]
        public bool Lines { get; init; }
    }

    public sealed record Output(IReadOnlyList<RunView> Runs);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "job.runs",
            "List the runs of a job: why each began, how long it took, its exit code, and what it printed last.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead job runs report --app shop --lines"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (record, job) = await JobViews.FindAsync(engine, input.Job, (input.App, input.Environment), stop);
        if (input.Lines)
        {
            engine.Demand(Permission.Watch, record.Site); // Output may hold data of persons, as logs do.
        }
        var name = job.Service.Name;
        var open = JobTurn.StateOf(record, name).Open.OrderByDescending(static one => one.Number);
        var past = await JobViews.PastAsync(engine, record.Site, name, stop);
        return new([
            .. open.Concat(past)
                .DistinctBy(static one => one.Number)
                .Take(Math.Clamp(input.Max, 1, JobRun.KeptMax))
                .Select(one => JobViews.Of(one, engine.World.Now, input.Lines)),
        ]);
    }
}
