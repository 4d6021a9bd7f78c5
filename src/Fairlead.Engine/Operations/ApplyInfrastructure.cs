using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Infrastructure.Applying;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Operations;

/// <summary>Does what a plan of infrastructure says: exactly that, or nothing.</summary>
public static class ApplyInfrastructure
{
    public sealed record Input
    {
        [Description("App, as in its manifest.")]
        [Positional]
        [Names("app")]
        public required string App { get; init; }

        [Description("Environment, as in the manifest; production when left out.")]
        public string Environment { get; init; } = "production";

        [Description("The plan's digest, as 'infra plan' says it; its first 12 letters will do.")]
        public required string Plan { get; init; }

        [Description("The app and the environment as APP/ENVIRONMENT, where data is lost or everything is removed.")]
        public string? Confirm { get; init; }
    }

    /// <param name="Lines">The last ones of what the tool said.</param>
    public sealed record Output(string App, string Environment, string Tool, string Done, IReadOnlyList<string> Lines);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "infra.apply",
            "Do what a plan says: exactly that, or nothing.",
            Effect.Destroys,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead infra apply shop --plan 3fa9c1d27b60",
                "fairlead infra apply shop --env staging --plan 3fa9c1d27b60 --confirm shop/staging",
            ],
            Needs = Need.Of(Permission.Operate),
            AnswerMax = TimeSpan.FromMinutes(150),
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        RunAsync(input, engine, engine.Server.Infrastructure, stop);

    internal static async Task<Output> RunAsync(
        Input input,
        EngineContext engine,
        InfrastructureDesk desk,
        CancellationToken stop
    )
    {
        var site = new Site(input.App, input.Environment);
        engine.Demand(Permission.Operate, site);
        var done = await desk.ApplyAsync(
            (site, input.Plan),
            plan =>
                plan.IsBlocked ? ApplyingProblems.Blocked(site, plan.Plan, plan.Review!)
                : (plan.IsDestroy || plan.LosesData) && input.Confirm != $"{site}" ? ApplyingProblems.NotNamed(plan)
                : null,
            engine.Caller.Name,
            stop
        );
        return new(site.App, site.Environment, done.Tool, done.Summary, done.Lines);
    }
}
