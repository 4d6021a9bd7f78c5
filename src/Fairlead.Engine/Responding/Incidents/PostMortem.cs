using System.Globalization;
using System.Text;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Incidents;

namespace Fairlead.Engine.Responding.Incidents;

/// <summary>Drafts what was learned of an incident, in Markdown, from what is known of it: people add what only they know. Pure.</summary>
public static class PostMortem
{
    /// <param name="graphs">What it looked like in numbers; their pictures are files beside the text.</param>
    public static string Of(Incident incident, DateTimeOffset now, IReadOnlyList<Graph>? graphs = null)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Incident {incident.Number}: {Line(incident.Title)}\n\n");
        Facts(text, incident, now);
        Impact(text, incident);
        foreach (var graph in graphs ?? [])
        {
            Picture(text, incident, graph);
        }
        Causes(text, incident);
        Timeline(text, incident);
        Learned(text);
        Actions(text, incident);
        return text.ToString();
    }

    private static void Facts(StringBuilder text, Incident incident, DateTimeOffset now)
    {
        text.Append("| | |\n| --- | --- |\n");
        Row("Where", incident.Site?.ToString() ?? "the platform");
        Row("Services", incident.Services.Count == 0 ? "unknown" : string.Join(", ", incident.Services));
        Row("Severity", incident.Severity.ToString().ToLowerInvariant());
        Row("State", incident.IsOpen ? $"{incident.State.ToString().ToLowerInvariant()}, not over yet" : "resolved");
        Row("Began", Moment(incident.StartedAt));
        Row("Detected", After(incident.DetectedAt, incident.StartedAt, incident.OpenedBy));
        Row(
            "Acknowledged",
            incident.AcknowledgedAt is { } acknowledged
                ? After(acknowledged, incident.StartedAt, incident.Commander)
                : "by nobody"
        );
        Row(
            "Mitigated",
            incident.MitigatedAt is { } mitigated ? After(mitigated, incident.StartedAt, null) : "not yet"
        );
        Row("Resolved", incident.ResolvedAt is { } resolved ? After(resolved, incident.StartedAt, null) : "not yet");
        Row("Lasted", Span((incident.MitigatedAt ?? incident.ResolvedAt ?? now) - incident.StartedAt));
        Row("Led by", incident.Commander ?? "nobody");
        text.Append('\n');

        void Row(string name, string value) =>
            text.Append(CultureInfo.InvariantCulture, $"| {name} | {Cell(value)} |\n");
    }

    private static void Impact(StringBuilder text, Incident incident)
    {
        text.Append("## Impact\n\n");
        text.Append(
            incident.Impact is not { } impact
                ? "Unknown: nobody counted requests.\n\n"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"{impact.Failed} of {impact.Requests} requests failed{(impact.Requests > 0 ? $" ({100.0 * impact.Failed / impact.Requests:0.##} %)" : "")}, as the edge counted them.\n\n"
                )
        );
    }

    // Whoever has no picture has the sentence and the numbers.
    private static void Picture(StringBuilder text, Incident incident, Graph graph)
    {
        var file = $"incident-{incident.Number}-{graph.Name}.svg";
        text.Append(
            CultureInfo.InvariantCulture,
            $"### {graph.Title}\n\n![{Line(graph.Sentence)}]({file})\n\n{Line(graph.Sentence)}\n\n"
        );
        text.Append(
            CultureInfo.InvariantCulture,
            $"<!-- The picture: fairlead incident postmortem {incident.Number} --picture {graph.Name} > {file} -->\n\n"
        );
        text.Append(CultureInfo.InvariantCulture, $"| When (UTC) | {graph.Heading} |\n| --- | ---: |\n");
        foreach (var row in graph.Rows)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {row.At.UtcDateTime:yyyy-MM-dd HH:mm:ss} | {GraphSvg.Number(row.Value)} |\n"
            );
        }
        text.Append('\n');
    }

    private static void Causes(StringBuilder text, Incident incident)
    {
        text.Append("## What changed before\n\n");
        if (incident.Suspects.Count == 0)
        {
            text.Append("Nothing that Fairlead did or saw in the two hours before.\n\n");
            return;
        }
        var place = 1;
        foreach (var suspect in incident.Suspects)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"{place++}. {Moment(suspect.At)}: {Line(suspect.What)}. {Line(suspect.Why)}\n"
            );
        }
        text.Append('\n');
        if (incident.Rollback is { } rollback)
        {
            var became = rollback.State switch
            {
                RollbackState.Asked => "people were asked",
                RollbackState.Running => "it is under way",
                RollbackState.Done => "done",
                RollbackState.Failed => "it failed",
                _ => "declined",
            };
            text.Append(
                CultureInfo.InvariantCulture,
                $"Going back from release {rollback.From} to {rollback.To}: {became}. {Line(rollback.Why)}\n\n"
            );
        }
    }

    private static void Timeline(StringBuilder text, Incident incident)
    {
        text.Append("## Timeline\n\n| When (UTC) | After | What | By |\n| --- | --- | --- | --- |\n");
        foreach (var one in incident.Timeline)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"| {one.At.UtcDateTime:yyyy-MM-dd HH:mm:ss.fff} | {Span(one.At - incident.StartedAt)} | {Cell(one.Text)} | {Cell(one.By)} |\n"
            );
        }
        text.Append('\n');
    }

    private static void Learned(StringBuilder text) =>
        text.Append(
            "## What we learned\n\n*Why could it happen, why was it not found before, what went well, where were we lucky? This part only people can write.*\n\n"
        );

    private static void Actions(StringBuilder text, Incident incident)
    {
        text.Append("## Follow-ups\n\n");
        if (incident.FollowUps.Count == 0)
        {
            text.Append(
                CultureInfo.InvariantCulture,
                $"None yet: `fairlead incident followup {incident.Number} --text ... --owner ... --due ...`\n"
            );
            return;
        }
        foreach (var one in incident.FollowUps)
        {
            var due = one.Due is { } day ? day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture) : "no day";
            text.Append(
                CultureInfo.InvariantCulture,
                $"- [{(one.IsDone ? 'x' : ' ')}] {one.Number}. {Line(one.Text)} ({one.Owner ?? "nobody"}, {due})\n"
            );
        }
    }

    private static string After(DateTimeOffset at, DateTimeOffset since, string? by) =>
        $"{Moment(at)}, after {Span(at - since)}{(by is null ? "" : $", by {by}")}";

    private static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static string Span(TimeSpan span)
    {
        var (sign, time) = span < TimeSpan.Zero ? ("-", -span) : ("", span);
        return time < TimeSpan.FromSeconds(10)
                ? string.Create(CultureInfo.InvariantCulture, $"{sign}{time.TotalSeconds:0.#} s")
            : time < TimeSpan.FromMinutes(2)
                ? string.Create(CultureInfo.InvariantCulture, $"{sign}{time.TotalSeconds:0} s")
            : time < TimeSpan.FromHours(2)
                ? string.Create(CultureInfo.InvariantCulture, $"{sign}{time.TotalMinutes:0} min")
            : string.Create(CultureInfo.InvariantCulture, $"{sign}{time.TotalHours:0.#} h");
    }

    // What others wrote must not break the page, nor a table's row.
    private static string Line(string text) =>
        string.Concat(text.Select(static letter => char.IsControl(letter) ? ' ' : letter))
            .Replace("<", "&lt;", StringComparison.Ordinal)
            .Replace("[", "\\[", StringComparison.Ordinal)
            .Trim();

    private static string Cell(string text) => Line(text).Replace("|", "\\|", StringComparison.Ordinal);
}
