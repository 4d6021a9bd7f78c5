using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Lists what a tool made for an app.</summary>
public static class ListInfrastructure
{
    public sealed record Input
    {
        [Description("Folder with the fairlead.yaml.")]
        [Positional]
        [Folder]
        public required string Folder { get; init; }

        [Description("Environment, as in the manifest; its first one when left out.")]
        public string? Environment { get; init; }

        [Description("Tool that made it: terraform, opentofu or cloudformation.")]
        public string With { get; init; } = InfrastructureViews.ToolUsual;
    }

    /// <param name="Id">As the cloud calls it.</param>
    public sealed record Line(string What, string Type, string Id);

    public static Operation Operation { get; } =
        new Operation<Input, IReadOnlyList<Line>>(
            "infra.list",
            "List what was made at the cloud for an app.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead infra list --env production"],
            Needs = Need.Of(Permission.See),
            AnswerMax = TimeSpan.FromMinutes(15),
        };

    private static async Task<IReadOnlyList<Line>> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        InfrastructureViews.Demand(engine.Server.Infrastructure, input.With);
        var (app, graph, _) = InfrastructureViews.Write(engine, input.Folder, input.Environment, input.With);
        engine.Demand(Permission.See, app.Site);
        var all = await engine.Server.Infrastructure.ListAsync((app.Site, graph.Place), input.With, stop);
        return [.. all.Select(static one => new Line(one.Address, one.Type, one.Id ?? ""))];
    }
}
