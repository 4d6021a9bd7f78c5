using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Infrastructure;

namespace Fairlead.Engine.Operations;

/// <summary>What the live release of an app needs of its cloud, and what of it needs what; asks neither cloud nor tool.</summary>
public static class ShowInfrastructureGraph
{
    public sealed record Input
    {
        [Description("App, as in its manifest.")]
        [Positional]
        [Names("app")]
        public string? App { get; init; }

        [Description("Environment.")]
        public string? Environment { get; init; }
    }

    /// <param name="Place">The cloud and the region, such as <c>aws eu-central-1</c>.</param>
    /// <param name="Budget">What it may cost in a month, in US dollars; null for no limit.</param>
    /// <param name="Things">Each after those that it needs.</param>
    public sealed record Output(
        string App,
        string Environment,
        string Place,
        double? Budget,
        IReadOnlyList<Thing> Things
    );

    /// <param name="Word">What it is, such as <c>load balancer</c>.</param>
    /// <param name="Needs">Names of things that must be there before.</param>
    public sealed record Thing(string Name, string Word, bool HoldsData, IReadOnlyList<string> Needs);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "infra.graph",
            "Show what the live release needs of its cloud, and what of it needs what.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead infra graph shop --environment production"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var release = await LiveReleases.OfAsync(engine, input.App, input.Environment, release: null, stop);
        var graph = GraphMaker.Of(NetworkApps.Load(engine, release.Source, release.Site.Environment));
        return new(
            release.Site.App,
            release.Site.Environment,
            $"{InfrastructureViews.Word(graph.Place.Cloud)} {graph.Place.Region}",
            graph.Budget,
            [
                .. graph.Resources.Select(static one => new Thing(
                    one.Name,
                    one.Word,
                    one.HoldsData,
                    [.. one.Needs.Select(static need => need.Name).Distinct()]
                )),
            ]
        );
    }
}
