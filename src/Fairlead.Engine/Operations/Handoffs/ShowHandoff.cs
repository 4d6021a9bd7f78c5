using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations.Handoffs;

/// <summary>Shows a hand-off with what is enforced because of it.</summary>
public static class ShowHandoff
{
    public sealed record Input
    {
        [Description("Its id; the first 6 letters will do.")]
        [Positional]
        public required string Handoff { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, HandoffView>(
            "handoff.show",
            "Show a hand-off and what is enforced because of it.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead handoff show 1f3a9c"],
            Needs = Need.Of(Permission.See),
        };

    private static async Task<HandoffView> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        HandoffView.Of((await HandoffDesk.Book(engine).FindAsync(input.Handoff, stop)).Handoff, engine.World.Now);
}
