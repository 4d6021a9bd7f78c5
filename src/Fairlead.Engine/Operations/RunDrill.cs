using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Makes something go wrong on purpose, in an app of its own, to see what is noticed, who is told and what recovers.</summary>
public static class RunDrill
{
    public sealed record Input
    {
        [Description(
            "What goes wrong: bad-deploy, dns-outage, expired-cert, full-disk, lost-node, lost-server or slow-dependency."
        )]
        [Positional]
        public required string Kind { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, ShowDrill.View>(
            "drill.run",
            "Make something go wrong on purpose in a scratch app: what is noticed, who is told, what recovers.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead drill run bad-deploy", "fairlead drill run lost-server"],
            Needs = Need.OfAll(Permission.Operate),
            Agents = AgentUse.Freely,
        };

    private static async Task<ShowDrill.View> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        ShowDrill.Of(await engine.Server.Response.Drills.Runner.BeginAsync(input.Kind, $"{engine.Caller}", stop));
}
