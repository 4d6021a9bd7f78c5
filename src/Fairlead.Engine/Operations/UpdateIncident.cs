using System.ComponentModel;
using System.Globalization;
using System.Text.Json.Serialization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Manifests;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Model.Incidents;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Tells status pages and channels how an incident stands, and when they hear of it again.</summary>
public static class UpdateIncident
{
    private static readonly TimeSpan NextMin = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan NextMax = TimeSpan.FromDays(7);

    public sealed record Input
    {
        [Description("Its number, as 'fairlead incident list' shows it.")]
        [Positional]
        public required int Incident { get; init; }

        [Description("What is told; a template's text when left out. Blanks such as {services} are filled in.")]
        [Positional]
        public string? Text { get; init; }

        [Description("How far it is; by the template or by the incident when left out.")]
        public UpdateState? Stage { get; init; }

        [Description(
            "A template of the routing, or one of the usual: investigating, identified, monitoring, resolved."
        )]
        public string? Template { get; init; }

        [Description("When the next update comes, such as 45m; by how grave it is when left out.")]
        public string? Next { get; init; }
    }

    /// <param name="NextAt">When the next update is due; null once it is resolved.</param>
    public sealed record Output(int Incident, string State, string Text, DateTimeOffset? NextAt, bool OnStatusPages);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "incident.update",
            "Tell status pages and channels how it stands, and when the next update comes.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples =
            [
                "fairlead incident update 7 --stage identified --next 45m",
                "fairlead incident update 7 'Payments by card fail. {services} is being mended.'",
            ],
            Needs = Need.Of(Permission.Deploy),
            Agents = AgentUse.Always,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var response = engine.Server.Response;
        var settings = response.Routing.Plan.Incidents;
        var incident = await engine.Server.Incidents.FindAsync(input.Incident, stop);
        if (!incident.IsOpen)
        {
            throw IncidentChanges.Over(incident, "needs no update any more");
        }
        var (stage, raw) = WordsOf(input, incident, settings);
        var now = engine.World.Now;
        DateTimeOffset? next =
            stage is StatusStage.Resolved ? null : now + (NextOf(input) ?? settings.UpdateEvery[incident.Severity]);
        var filled = UpdateTemplate.Fill(raw, incident, now);
        var text = next is { } due
            ? string.Create(CultureInfo.InvariantCulture, $"{filled} Next update by {due.UtcDateTime:HH:mm} UTC.")
            : filled;
        var changed = await engine.Server.Incidents.ChangeAsync(
            incident,
            one => Updated(one, (stage, text, next), (now, $"{engine.Caller}")),
            stop
        );
        await response.Announcer.SayAsync(
            changed,
            $"Incident {changed.Number} ({stage.ToString().ToLowerInvariant()}): {text}",
            stop
        );
        response.Incidents.Ring();
        return new(changed.Number, stage.ToString().ToLowerInvariant(), text, next, changed.Site is not null);
    }

    private static Incident Updated(
        Incident one,
        (StatusStage Stage, string Text, DateTimeOffset? Next) what,
        (DateTimeOffset Now, string By) who
    )
    {
        if (!one.IsOpen)
        {
            throw IncidentChanges.Over(one, "needs no update any more");
        }
        var told = one.Told(what.Stage, what.Text, who.Now)
            .With(
                who.Now,
                "told",
                $"{(one.Site is null ? "Told" : "Told the public")} ({what.Stage.ToString().ToLowerInvariant()}): {what.Text}",
                who.By
            ) with
        {
            NextUpdateAt = what.Next,
        };
        return what.Stage is StatusStage.Resolved
            ? (
                told with
                {
                    State = IncidentState.Resolved,
                    MitigatedAt = told.MitigatedAt ?? who.Now,
                    ResolvedAt = who.Now,
                }
            ).With(who.Now, "state", "Resolved.", who.By)
            : told;
    }

    private static (StatusStage Stage, string Text) WordsOf(Input input, Incident incident, IncidentSettings settings)
    {
        StatusStage? said = input.Stage is { } state ? StageOf(state) : null;
        var usual =
            said ?? (incident.State is IncidentState.Mitigated ? StatusStage.Monitoring : StatusStage.Investigating);
        if (input.Template is { } name && !settings.Templates.ContainsKey(name))
        {
            throw Wrong(
                $"There is no template '{name}'.",
                Nearest.To(name, settings.Templates.Keys) is { } near
                    ? $"Did you mean '{near}'?"
                    : $"There are {string.Join(", ", settings.Templates.Keys)}."
            );
        }
        var template = input.Template is { } named
            ? settings.Templates[named]
            : settings.Templates[usual.ToString().ToLowerInvariant()];
        var text = input.Text is { } own ? IncidentChanges.Checked(own, "text") : template.Text;
        return UpdateTemplate.UnknownIn(text) is [var blank, ..]
            ? throw Wrong(
                $"There is no blank '{{{blank}}}'.",
                $"There are {string.Join(", ", UpdateTemplate.Blanks.Select(static one => $"{{{one}}}"))}."
            )
            : (said ?? (input.Template is null ? usual : template.State), text);
    }

    private static TimeSpan? NextOf(Input input) =>
        input.Next is not { } text ? null
        : Units.TryParseDuration(text) is { } time && time >= NextMin && time <= NextMax ? time
        : throw Wrong($"'{text}' cannot be used as --next.", "It is 5m to 7d, such as 45m.");

    private static StatusStage StageOf(UpdateState state) =>
        state switch
        {
            UpdateState.Identified => StatusStage.Identified,
            UpdateState.Monitoring => StatusStage.Monitoring,
            UpdateState.Resolved => StatusStage.Resolved,
            _ => StatusStage.Investigating,
        };

    private static ProblemException Wrong(string what, string why) =>
        new(
            new Problem(
                "incident.wrong-update",
                what,
                why,
                Fix: "Write for example: fairlead incident update 7 --stage identified --next 45m"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}

/// <summary>How far those who mend it are.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<UpdateState>))]
public enum UpdateState
{
    [JsonStringEnumMemberName("investigating")]
    Investigating,

    [JsonStringEnumMemberName("identified")]
    Identified,

    [JsonStringEnumMemberName("monitoring")]
    Monitoring,

    /// <summary>It is over, as 'incident resolve' says.</summary>
    [JsonStringEnumMemberName("resolved")]
    Resolved,
}
