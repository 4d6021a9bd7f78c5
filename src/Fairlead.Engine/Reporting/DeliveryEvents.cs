using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Reporting;

/// <summary>How a deployment went, as the journal tells it.</summary>
/// <param name="Lines">Sequence numbers of the journal's lines that say so.</param>
public sealed record DeploymentEvent(
    string Id,
    Site Site,
    DateTimeOffset RequestedAt,
    DateTimeOffset EndedAt,
    int? Release,
    bool IsRollback,
    bool IsLive,
    string Ending,
    IReadOnlyList<long> Lines
)
{
    /// <summary>When what it brought was committed; null where it came from no git source.</summary>
    public DateTimeOffset? CommittedAt { get; init; }

    /// <summary>From when on it was on its way.</summary>
    public DateTimeOffset BeganAt => CommittedAt is { } at && at < RequestedAt ? at : RequestedAt;
}

/// <summary>How an incident went, as the journal tells it.</summary>
/// <param name="RestoredAt">When users were hurt no more; null while they are.</param>
/// <param name="Deployment">The deployment that took a release back for it; null when none did.</param>
public sealed record IncidentSpan(
    int Number,
    Site Site,
    DateTimeOffset StartedAt,
    DateTimeOffset DetectedAt,
    DateTimeOffset? RestoredAt,
    string? Deployment,
    IReadOnlyList<long> Lines
)
{
    /// <summary>Those that were hurt; none where the journal does not say.</summary>
    public IReadOnlyList<string> Services { get; init; } = [];

    /// <summary>Somebody or an alert said that it is about security.</summary>
    public bool IsSecurity { get; init; }
}

/// <summary>Reads deployments and incidents out of the journal. Pure.</summary>
public static partial class DeliveryEvents
{
    /// <summary>Deployments that are over, in the order in which they ended.</summary>
    /// <param name="journal">Oldest first.</param>
    public static IReadOnlyList<DeploymentEvent> Deployments(IEnumerable<JournalEntry> journal)
    {
        var asked = new Dictionary<string, (JournalEntry Entry, bool IsRollback)>(StringComparer.Ordinal);
        var ended = new List<DeploymentEvent>();
        foreach (var entry in journal.Where(static one => one.Deployment is not null))
        {
            var id = entry.Deployment!;
            switch (entry.Kind)
            {
                case "requested" when AskedFor().Match(entry.Text) is { Success: true } request:
                    asked[id] = (entry, request.Groups["back"].Success);
                    break;
                case "ended" when asked.Remove(id, out var begun):
                    var words = Ended().Match(entry.Text);
                    ended.Add(
                        new(
                            id,
                            entry.Site,
                            begun.Entry.At,
                            entry.At,
                            words.Success
                                ? int.Parse(words.Groups["release"].Value, CultureInfo.InvariantCulture)
                                : null,
                            begun.IsRollback,
                            words.Success && words.Groups["how"].Value == "is live",
                            words.Success ? words.Groups["how"].Value : entry.Text,
                            [begun.Entry.Sequence, entry.Sequence]
                        )
                        {
                            CommittedAt = begun.Entry.Body?["committedAt"]?.GetValue<DateTimeOffset>(),
                        }
                    );
                    break;
            }
        }
        return ended;
    }

    /// <summary>Incidents in the order in which they were opened.</summary>
    /// <param name="journal">Oldest first.</param>
    public static IReadOnlyList<IncidentSpan> Incidents(IEnumerable<JournalEntry> journal)
    {
        var known = new Dictionary<int, IncidentSpan>();
        foreach (var entry in journal.Where(static one => one.Kind == "incident" && one.Body?["incident"] is not null))
        {
            var number = entry.Body!["incident"]!.GetValue<int>();
            var at = entry.Body["at"]?.GetValue<DateTimeOffset>() ?? entry.At;
            var span = known.GetValueOrDefault(number) ?? new(number, entry.Site, at, entry.At, null, null, []);
            var state = entry.Body["state"]?.GetValue<string>();
            known[number] = span with
            {
                StartedAt = at < span.StartedAt ? at : span.StartedAt,
                RestoredAt = state == "open" ? null : span.RestoredAt ?? at,
                Deployment = entry.Deployment ?? span.Deployment,
                Services = entry.Body["services"] is JsonArray named
                    ? [.. named.Select(static one => $"{one}")]
                    : span.Services,
                IsSecurity = entry.Body["security"]?.GetValue<bool>() ?? span.IsSecurity,
                Lines = [.. span.Lines, entry.Sequence],
            };
        }
        return [.. known.Values.OrderBy(static one => one.Number)];
    }

    [GeneratedRegex(
        @"^((?<back>A rollback to release)|Release) \d+ was asked for",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex AskedFor();

    [GeneratedRegex(
        @"^\S+@(?<release>\d+) (?<how>is live|was rolled back|was aborted|was superseded|failed)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Ended();
}
