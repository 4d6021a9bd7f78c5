using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Incidents;
using Fairlead.Model.Monitoring;

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

        [Description("Tell the public too, on status pages.")]
        public bool Public { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, IncidentView>(
            "incident.note",
            "Write down what was seen or done.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead incident note 7 'The database is at its limit of connections.'"],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static Task<IncidentView> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var text = IncidentChanges.Checked(input.Text, "text");
        return IncidentChanges.ChangeAsync(engine, input.Incident, now => Noted(now, text, input.Public, engine), stop);
    }

    private static Incident Noted(Incident now, string text, bool isPublic, EngineContext engine)
    {
        var noted = now.With(
            engine.World.Now,
            "note",
            isPublic ? $"Told the public: {text}" : text,
            $"{engine.Caller}"
        );
        return isPublic
            ? noted.Told(
                now.State switch
                {
                    IncidentState.Open => StatusStage.Investigating,
                    IncidentState.Mitigated => StatusStage.Monitoring,
                    _ => StatusStage.Resolved,
                },
                text,
                engine.World.Now
            )
            : noted;
    }
}
