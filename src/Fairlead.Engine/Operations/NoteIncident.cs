using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;

namespace Fairlead.Engine.Operations;

/// <summary>Adds a note to an incident's timeline.</summary>
public static class NoteIncident
{
    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }

        [Description("What it was.")]
        [Positional]
        public required string Text { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, IncidentView>(
            "incident.note",
            "Write down what was seen or done.",
            Effect.Changes,
            RunAsync
        )
        {
            Needs = Need.Of(Permission.Deploy),
        };

    private static Task<IncidentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var text = IncidentChanges.Checked(input.Text, "text");
        return IncidentChanges.ChangeAsync(
            engine,
            input.Incident,
            now => now.With(engine.World.Now, "note", text, $"{engine.Caller}"),
            stop
        );
    }
}
