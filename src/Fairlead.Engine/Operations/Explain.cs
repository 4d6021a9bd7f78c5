using System.ComponentModel;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Answers "why did it do that?" from the journal.</summary>
public static class Explain
{
    private const int EntriesMax = 1_000;

    public sealed record Input
    {
        [Description("App name, as in the manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }

        [Description("Id of a deployment; the latest when left out.")]
        public string? Deployment { get; init; }
    }

    /// <param name="Story">What was decided, in order, with its reasons.</param>
    public sealed record Output(DeploymentView Deployment, IReadOnlyList<Follow.Entry> Story);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("explain", "Say why a deployment went as it did.", Effect.Reads, RunAsync)
        {
            Examples = ["fairlead explain shop", "fairlead explain shop --deployment 885e44d0"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var server = engine.Server;
        var deployment = input.Deployment is { } id
            ? await Sites.DeploymentAsync(server, id, stop)
            : await LatestAsync(server, input.App, input.Environment, stop);
        var filter = new JournalFilter(deployment.Site, deployment.Id);
        var entries = await server.Store.ReadJournalAsync(0, filter, EntriesMax, stop);
        return new(
            await DeploymentViews.OfAsync(server, deployment, stop),
            [.. entries.Select(one => new Follow.Entry(one.Sequence, one.At, one.Kind, one.Text))]
        );
    }

    /// <exception cref="ProblemException">There is none.</exception>
    internal static async Task<Deployment> LatestAsync(
        ServerSide server,
        string? app,
        string? environment,
        CancellationToken stop
    )
    {
        var record = await Sites.FindAsync(server, app, environment, stop);
        var all = await Sites.DeploymentsAsync(server, record.Site, stop);
        return all is [.., var last]
            ? last
            : throw new ProblemException(
                new Problem(
                    "deployment.none",
                    What: $"{record.Site} has no deployment to explain.",
                    Why: "Nothing was deployed there.",
                    Fix: "Deploy it: fairlead deploy FOLDER"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
    }
}
