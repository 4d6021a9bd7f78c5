using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;

namespace Fairlead.Engine.Operations;

/// <summary>Drafts what was learned of an incident.</summary>
public static class WritePostMortem
{
    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }
    }

    /// <param name="Text">Markdown.</param>
    public sealed record Output(string Text);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "incident.postmortem",
            "Draft the post-mortem of an incident, in Markdown.",
            Effect.Reads,
            RunAsync
        )
        {
            Needs = Need.Of(Permission.See),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop) =>
        new(PostMortem.Of(await engine.Server.Incidents.FindAsync(input.Incident, stop), engine.World.Now));
}
