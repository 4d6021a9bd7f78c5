using System.Text.Json.Serialization;
using Fairlead.Model.Incidents;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>An incident as callers see it.</summary>
/// <param name="State">open, mitigated or resolved.</param>
/// <param name="Rollback">What was decided about going back; null when there was nothing to go back to.</param>
public sealed record IncidentView(
    int Incident,
    string Title,
    string? Site,
    string Severity,
    string State,
    DateTimeOffset StartedAt,
    DateTimeOffset DetectedAt,
    DateTimeOffset? AcknowledgedAt,
    DateTimeOffset? MitigatedAt,
    DateTimeOffset? ResolvedAt,
    string? Commander,
    IReadOnlyList<string> Services,
    long? Requests,
    long? FailedRequests,
    string? Rollback,
    IReadOnlyList<IncidentView.Cause> Suspects,
    IReadOnlyList<IncidentView.Moment> Timeline,
    IReadOnlyList<FollowUp> FollowUps,
    string? Action,
    IReadOnlyList<RunbookView> Runbooks
)
{
    /// <param name="Why">What speaks for it.</param>
    public sealed record Cause(DateTimeOffset At, string What, string Why);

    public sealed record Moment(DateTimeOffset At, string Kind, string Text, string By);

    public static IncidentView Of(Incident one) =>
        new(
            one.Number,
            one.Title,
            one.Site?.ToString(),
            one.Severity.ToString().ToLowerInvariant(),
            one.State.ToString().ToLowerInvariant(),
            one.StartedAt,
            one.DetectedAt,
            one.AcknowledgedAt,
            one.MitigatedAt,
            one.ResolvedAt,
            one.Commander,
            one.Services,
            one.Impact?.Requests,
            one.Impact?.Failed,
            one.Rollback is { } back
                ? $"release {back.From} to {back.To}: {back.State.ToString().ToLowerInvariant()}. {back.Why}"
                : null,
            [.. one.Suspects.Select(static each => new Cause(each.At, each.What, each.Why))],
            [.. one.Timeline.Select(static each => new Moment(each.At, each.Kind, each.Text, each.By))],
            one.FollowUps,
            one.Action,
            [.. one.Runbooks.Select(RunbookView.Of)]
        );
}

/// <summary>Who is hurt how much, as people type it.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<SeverityInput>))]
public enum SeverityInput
{
    /// <summary>Nothing works, or something is lost for good.</summary>
    [JsonStringEnumMemberName("critical")]
    Critical,

    /// <summary>Many users are hurt.</summary>
    [JsonStringEnumMemberName("major")]
    Major,

    /// <summary>Few users are hurt, or there is a way around.</summary>
    [JsonStringEnumMemberName("minor")]
    Minor,
}

/// <summary>Changes that people and programs make to incidents.</summary>
internal static class IncidentChanges
{
    private const int LettersMax = 2_000;

    /// <summary>A change of one by the caller.</summary>
    public static async Task<IncidentView> ChangeAsync(
        EngineContext engine,
        int number,
        Func<Incident, Incident> change,
        CancellationToken stop
    )
    {
        var book = engine.Server.Incidents;
        var incident = await book.FindAsync(number, stop);
        var changed = await book.ChangeAsync(incident, change, stop);
        engine.Server.Response.Incidents.Ring();
        return IncidentView.Of(changed);
    }

    public static string Checked(string text, string option)
    {
        var plain = text.Trim();
        return
            plain.Length is > 0 and <= LettersMax
            && !plain.Any(static letter => char.IsControl(letter) && letter != '\n')
            ? plain
            : throw new ProblemException(
                new Problem(
                    "incident.wrong-text",
                    What: $"--{option} cannot be used.",
                    Why: $"It has 1 to {LettersMax} letters.",
                    Fix: $"Write for example: --{option} 'the database is full'"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
    }

    public static ProblemException Over(Incident incident, string what) =>
        new(
            new Problem(
                "incident.over",
                What: $"Incident {incident.Number} {what}.",
                Why: "It is resolved.",
                Fix: $"Open it again: fairlead incident reopen {incident.Number}"
            )
            {
                Trouble = Trouble.Conflict,
            }
        );
}
