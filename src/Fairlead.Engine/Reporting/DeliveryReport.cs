using System.Globalization;

namespace Fairlead.Engine.Reporting;

/// <summary>A number of a report with all that it was reckoned from.</summary>
/// <param name="Value">Null when nothing is known.</param>
/// <param name="Unit">Such as <c>per day</c>, <c>minutes</c> or <c>%</c>.</param>
/// <param name="Band">elite, high, medium or low, as DORA's report of 2023 draws the lines; null where it draws none.</param>
/// <param name="How">How it was reckoned, in one sentence.</param>
/// <param name="Evidence">What it was reckoned from, a line each, with lines of the journal as <c>#12</c>.</param>
public sealed record ReportNumber(
    string Name,
    double? Value,
    string Unit,
    string? Band,
    string How,
    IReadOnlyList<string> Evidence
);

/// <summary>How fast and how safely a team delivers: DORA's four keys and what belongs to them, from the journal alone. Pure.</summary>
public static class DeliveryReport
{
    /// <summary>A release that is taken back within this time has failed.</summary>
    public static readonly TimeSpan FailsWithin = TimeSpan.FromHours(24);

    /// <param name="deployments">All of the scope, also before and after the period.</param>
    /// <param name="incidents">All of the scope.</param>
    public static IReadOnlyList<ReportNumber> Of(
        IReadOnlyList<DeploymentEvent> deployments,
        IReadOnlyList<IncidentSpan> incidents,
        DateTimeOffset from,
        DateTimeOffset until
    )
    {
        var ended = deployments.Where(one => from <= one.EndedAt && one.EndedAt < until).ToList();
        var changes = ended.Where(static one => one.IsLive && !one.IsRollback).ToList();
        var hurt = Within(incidents, from, until).ToList();
        return
        [
            Frequency(changes, until - from),
            LeadTime(changes),
            FailureRate(changes, deployments, incidents),
            RestoreTime(hurt),
            Success(ended),
            Detection(hurt),
        ];
    }

    private static ReportNumber Frequency(List<DeploymentEvent> changes, TimeSpan period)
    {
        var perDay = changes.Count / Math.Max(period.TotalDays, 1.0 / 24);
        return new(
            "deployment frequency",
            Rounded(perDay),
            "per day",
            changes.Count == 0 ? null
                : perDay >= 1 ? "elite"
                : perDay >= 1.0 / 7 ? "high"
                : perDay >= 1.0 / 30 ? "medium"
                : "low",
            $"{changes.Count} releases went live in {Number(period.TotalDays)} days; rollbacks are not counted.",
            [.. changes.Select(static one => Line(one, $"went live {Moment(one.EndedAt)}"))]
        );
    }

    private static ReportNumber LeadTime(List<DeploymentEvent> changes)
    {
        var minutes = Median([.. changes.Select(static one => (one.EndedAt - one.BeganAt).TotalMinutes)]);
        var committed = changes.Count(static one => one.CommittedAt is not null);
        return new(
            "lead time",
            minutes,
            "minutes",
            Band(minutes, 24 * 60, 7 * 24 * 60, 30 * 24 * 60),
            changes.Count == 0 ? "The median until a release was live; none was."
                : committed == changes.Count
                    ? "The median from when the newest commit of a release was made until it was live."
                : committed == 0
                    ? "The median from when a release was asked for until it was live: none came from a git source, so when it was committed is not known."
                : $"The median until a release was live: of {committed} from when the newest commit was made, of {changes.Count - committed} that came from no git source from when they were asked for.",
            [
                .. changes.Select(static one =>
                    Line(
                        one,
                        $"took {Number((one.EndedAt - one.BeganAt).TotalMinutes)} minutes from {(one.CommittedAt is null ? "when it was asked for" : "its commit")}"
                    )
                ),
            ]
        );
    }

    private static ReportNumber FailureRate(
        List<DeploymentEvent> changes,
        IReadOnlyList<DeploymentEvent> all,
        IReadOnlyList<IncidentSpan> incidents
    )
    {
        var failed = changes
            .Select(one => (Change: one, Back: BackOf(one, all), Incident: IncidentOf(one, all, incidents)))
            .Where(static one => one.Back is not null || one.Incident is not null)
            .ToList();
        double? percent = changes.Count == 0 ? null : Rounded(100.0 * failed.Count / changes.Count);
        return new(
            "change failure rate",
            percent,
            "%",
            Band(percent, 5, 10, 15),
            $"{failed.Count} of {changes.Count} releases that went live were taken back within {FailsWithin.TotalHours:0} h or ended in an incident that took them back.",
            [
                .. failed.Select(static one =>
                    Line(
                        one.Change,
                        one.Incident is { } incident
                            ? $"ended in incident {incident.Number} (#{incident.Lines[0]})"
                            : $"was taken back by {one.Back!.Id} (#{one.Back.Lines[^1]})"
                    )
                ),
            ]
        );
    }

    private static ReportNumber RestoreTime(List<IncidentSpan> incidents)
    {
        var over = incidents.Where(static one => one.RestoredAt is not null).ToList();
        var minutes = Median([.. over.Select(static one => (one.RestoredAt!.Value - one.StartedAt).TotalMinutes)]);
        return new(
            "time to restore",
            minutes,
            "minutes",
            Band(minutes, 60, 24 * 60, 7 * 24 * 60),
            $"The median from the first symptom until users were hurt no more, of {over.Count} incidents; {incidents.Count - over.Count} are open.",
            [
                .. over.Select(static one =>
                    $"incident {one.Number} of {one.Site}: {Number((one.RestoredAt!.Value - one.StartedAt).TotalMinutes)} minutes (#{one.Lines[0]} to #{one.Lines[^1]})"
                ),
            ]
        );
    }

    private static ReportNumber Success(List<DeploymentEvent> ended)
    {
        var counted = ended.Where(static one => one.Ending is not ("was superseded" or "was aborted")).ToList();
        var good = counted.Count(static one => one.IsLive);
        return new(
            "deployment success rate",
            counted.Count == 0 ? null : Rounded(100.0 * good / counted.Count),
            "%",
            null,
            $"{good} of {counted.Count} deployments went live; aborted and superseded ones are not counted.",
            [.. counted.Where(static one => !one.IsLive).Select(static one => Line(one, one.Ending))]
        );
    }

    private static ReportNumber Detection(List<IncidentSpan> incidents) =>
        new(
            "time to detect",
            Median([.. incidents.Select(static one => Math.Max(0, (one.DetectedAt - one.StartedAt).TotalSeconds))]),
            "seconds",
            null,
            $"The median from the first symptom until the incident was opened, of {incidents.Count} incidents.",
            [
                .. incidents.Select(static one =>
                    $"incident {one.Number} of {one.Site}: {Number(Math.Max(0, (one.DetectedAt - one.StartedAt).TotalSeconds))} seconds (#{one.Lines[0]})"
                ),
            ]
        );

    /// <summary>How often things broke and how fast that was seen and ended, for each of some names.</summary>
    /// <param name="namesOf">What an incident counts for; several where it hurt several.</param>
    public static ReportSection Response(
        string title,
        string column,
        IReadOnlyList<IncidentSpan> incidents,
        Func<IncidentSpan, IReadOnlyList<string>> namesOf
    ) =>
        new(title)
        {
            Table = new(
                [
                    new(column),
                    new("Incidents", IsNumber: true),
                    new("Open", IsNumber: true),
                    new("Time to detect", IsNumber: true),
                    new("Time to restore", IsNumber: true),
                    new("Of security", IsNumber: true),
                ],
                [
                    .. incidents
                        .SelectMany(one => namesOf(one).Select(name => (Name: name, One: one)))
                        .GroupBy(static pair => pair.Name, static pair => pair.One, StringComparer.Ordinal)
                        .OrderByDescending(static group => group.Count())
                        .ThenBy(static group => group.Key, StringComparer.Ordinal)
                        .Select(static group => Row(group.Key, [.. group])),
                ]
            ),
        };

    /// <summary>Incidents that began in a period.</summary>
    public static IReadOnlyList<IncidentSpan> Within(
        IReadOnlyList<IncidentSpan> incidents,
        DateTimeOffset from,
        DateTimeOffset until
    ) => [.. incidents.Where(one => from <= one.StartedAt && one.StartedAt < until)];

    private static IReadOnlyList<string> Row(string name, IReadOnlyList<IncidentSpan> incidents)
    {
        var detect = Median([
            .. incidents.Select(static one => Math.Max(0, (one.DetectedAt - one.StartedAt).TotalSeconds)),
        ]);
        var over = incidents.Where(static one => one.RestoredAt is not null).ToList();
        var restore = Median([.. over.Select(static one => (one.RestoredAt!.Value - one.StartedAt).TotalMinutes)]);
        return
        [
            name,
            Number(incidents.Count),
            Number(incidents.Count - over.Count),
            detect is { } seconds ? $"{Number(seconds)} s" : "unknown",
            restore is { } minutes ? $"{Number(minutes)} min" : "unknown",
            Number(incidents.Count(static one => one.IsSecurity)),
        ];
    }

    // The first rollback after it, before another release went live.
    private static DeploymentEvent? BackOf(DeploymentEvent change, IReadOnlyList<DeploymentEvent> all)
    {
        var next = all.Where(one => one.Site == change.Site && one.IsLive && one.EndedAt > change.EndedAt)
            .MinBy(static one => one.EndedAt);
        return next is { IsRollback: true } && next.EndedAt - change.EndedAt <= FailsWithin ? next : null;
    }

    private static IncidentSpan? IncidentOf(
        DeploymentEvent change,
        IReadOnlyList<DeploymentEvent> all,
        IReadOnlyList<IncidentSpan> incidents
    ) => BackOf(change, all) is { } back ? incidents.FirstOrDefault(one => one.Deployment == back.Id) : null;

    private static string? Band(double? value, double elite, double high, double medium) =>
        value switch
        {
            null => null,
            { } one when one <= elite => "elite",
            { } one when one <= high => "high",
            { } one when one <= medium => "medium",
            _ => "low",
        };

    private static double? Median(List<double> values)
    {
        if (values.Count == 0)
        {
            return null;
        }
        values.Sort();
        var middle = values.Count / 2;
        return Rounded(values.Count % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2);
    }

    private static double Rounded(double value) => Math.Round(value, 2);

    private static string Line(DeploymentEvent one, string what) =>
        $"{one.Site} release {one.Release?.ToString(CultureInfo.InvariantCulture) ?? "?"} {what} (deployment {one.Id}, #{one.Lines[0]} to #{one.Lines[^1]})";

    private static string Number(double value) => Math.Round(value, 2).ToString(CultureInfo.InvariantCulture);

    private static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}
