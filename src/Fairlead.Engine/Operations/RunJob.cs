using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Deploying.Jobs;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Apps;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Runs a job of the live release now.</summary>
public static class RunJob
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan BeginMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan WaitMax = TimeSpan.FromHours(2);

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

        [Description("Why, for the journal.")]
        public string? Reason { get; init; }

        [Description("Come back when it has ended, at most after two hours, and fail when it failed.")]
        public bool Wait { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, RunView>("job.run", "Run a job of the live release now.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead job run report --app shop", "fairlead job run report --app shop --wait"],
            Needs = Need.Of(Permission.Deploy),
            AnswerMax = WaitMax + BeginMax,
        };

    private static async Task<RunView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var (record, job) = await JobViews.FindAsync(engine, input.Job, (input.App, input.Environment), stop);
        var (site, name) = (record.Site, job.Service.Name);
        var request = await engine.Server.FrontDoor.AskForJobAsync(
            site,
            name,
            RequestKind.RunJob,
            Approve.Clean(input.Reason),
            stop
        );
        var began = engine.World.Now;
        while (true)
        {
            var run = await JobViews.AskedForAsync(engine, site, (name, request), stop);
            var passed = engine.World.Now - began;
            if (run is { State: RunState.Skipped or RunState.Missed, Problem: { } why })
            {
                throw new ProblemException(why);
            }
            if (run is { EndedAt: not null, State: not RunState.Succeeded, Problem: { } failed })
            {
                throw new ProblemException(failed);
            }
            if (run is not null && (run.EndedAt is not null || !input.Wait || passed >= WaitMax))
            {
                return JobViews.Of(run, engine.World.Now, withLines: false);
            }
            if (run is null && passed >= BeginMax)
            {
                throw new ProblemException(NotTaken(site, name));
            }
            await Task.Delay(Look, engine.World.Clock, stop);
        }
    }

    private static Problem NotTaken(Site site, string job) =>
        new(
            "job.not-taken",
            What: $"The run of '{job}' of {site} was asked for, and has not begun.",
            Why: "The loop of the site has not come to it: it may be that nothing can be seen of where it runs.",
            Fix: $"See what it waits for: fairlead status {site.App}"
        )
        {
            Trouble = Trouble.TimedOut,
        };
}
