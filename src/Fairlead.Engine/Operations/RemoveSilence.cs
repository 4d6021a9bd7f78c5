using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Ends a silence before its time.</summary>
public static class RemoveSilence
{
    public sealed record Input
    {
        [Description("The silence's id, as 'fairlead silence list' shows it.")]
        [Positional]
        public required string Id { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, ListSilences.View>(
            "silence.remove",
            "End a silence before its time.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead silence remove 3f0c9a51"],
            Needs = Need.OfAll(Permission.Operate),
            Agents = AgentUse.Freely,
        };

    private static async Task<ListSilences.View> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var now = engine.World.Now;
        var ended = await engine.Server.Response.Routing.UnsilenceAsync(input.Id, ($"{engine.Caller}", now), stop);
        return ListSilences.Of(ended, now);
    }
}
