using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Says which jobs there are, when they are due, and how they went.</summary>
public static class ListJobs
{
    public sealed record Input
    {
        [Description("App name, as in the manifest; all of them when left out.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment; all of them when left out.")]
        public string? Environment { get; init; }
    }

    public sealed record Output(IReadOnlyList<JobView> Jobs);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "job.list",
            "List the jobs of live releases: when each is due next, and how it went last.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead job list", "fairlead job list shop"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var views = new List<JobView>();
        foreach (
            var record in (await Sites.AllAsync(engine.Server, stop)).Where(one =>
                (input.App ?? one.Site.App) == one.Site.App
                && (input.Environment ?? one.Site.Environment) == one.Site.Environment
            )
        )
        {
            if (record.Live is { } number)
            {
                var release = await Sites.ReleaseAsync(engine.Server, record.Site, number, stop);
                views.AddRange(
                    release
                        .Services.Where(static one => one.Service.Job is not null)
                        .Select(one => JobViews.Of(record, one, engine.World.Now))
                );
            }
        }
        return new(views);
    }
}
