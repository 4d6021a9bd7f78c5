using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>An incident's room: what is known, who is suspected, what can be done.</summary>
public sealed class IncidentPage : IPage
{
    private const int MomentsMax = 200;
    private static readonly string[] Lanes = ["Hurt", "Seen", "Changes", "People"];

    public string Route => "/ui/incidents/{number:int}";

    public string Section => "Incidents";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var input = new JsonObject { ["incident"] = int.Parse(place["number"], CultureInfo.InvariantCulture) };
        var one = await asking.AskAsync<IncidentView>(ShowIncident.Operation, input, stop);
        var mortem =
            one.State == "resolved"
                ? await asking.TryAsync<WritePostMortem.Output>(WritePostMortem.Operation, input, stop)
                : null;
        var numbers = await asking.TryAsync<GraphIncident.Output>(GraphIncident.Operation, input, stop);
        var blocks = new List<Block>
        {
            new Block.Acts(await Offered.ToAsync(asking, ActsOf(one), stop)),
            new Block.Figure(
                TimelineOf(one, asking.Now),
                "timeline",
                Keys: [("bad", "users are hurt"), ("canary", "a change"), ("plain", "people")]
            ),
            new Block.Beside([Suspects(one), Facts(one)]),
            new Block.Story(
                "What happened",
                [
                    .. one
                        .Timeline.Reverse()
                        .Take(MomentsMax)
                        .Select(static at => new Block.Moment(
                            at.At,
                            at.Kind,
                            $"{at.Text}{(at.By.Length > 0 ? $" ({Texts.Who(at.By)})" : "")}"
                        )),
                ]
            ),
            FollowUps(one),
        };
        if (numbers is { Graphs.Count: > 0 })
        {
            blocks.Insert(
                3,
                new Block.Beside([
                    .. numbers.Graphs.Select(static graph => new Block.Figure(
                        NumbersOf(graph),
                        graph.Name,
                        IsHalf: true
                    )),
                ])
            );
        }
        if (mortem is not null)
        {
            blocks.Add(new Block.Text("Post-mortem, as a draft in Markdown", mortem.Text));
        }
        return new Sheet(LeadOf(one, asking.Now), blocks).As($"{one.Title}: {AnswerOf(one)}") with
        {
            Crumbs = [("Incidents", "/ui/incidents"), ($"incident {one.Incident}", null)],
        };
    }

    private static string AnswerOf(IncidentView one) =>
        one.State switch
        {
            "resolved" => "resolved",
            "mitigated" => "users are hurt no more",
            _ when one.Commander is null => "open, and nobody has it yet",
            _ => $"open, {Texts.Who(one.Commander)} has it",
        };

    private static string LeadOf(IncidentView one, DateTimeOffset now)
    {
        var lasted = Figures.Time((one.MitigatedAt ?? one.ResolvedAt ?? now) - one.StartedAt);
        var where = one.Site is { } site ? $" in {site}" : "";
        return $"{States.Said(one.Severity)}{where}, for {lasted}{(one.MitigatedAt is null && one.ResolvedAt is null ? " so far" : "")}."
            + (
                one is { Requests: { } all, FailedRequests: { } failed }
                    ? $" {Figures.Whole(failed)} of {Figures.Whole(all)} requests failed."
                    : ""
            )
            + (one.Action is { } action ? $" {action}" : "");
    }

    private static IEnumerable<Act> ActsOf(IncidentView one)
    {
        var on = Offered.On("incident", one.Incident.ToString(CultureInfo.InvariantCulture));
        if (one.State == "resolved")
        {
            yield return new("Open again", ReopenIncident.Operation, "It is not over after all.", on)
            {
                Asks = [Ask.Reason with { IsNeeded = true }],
            };
            yield break;
        }
        if (one.AcknowledgedAt is null)
        {
            yield return new("I have it", AcknowledgeIncident.Operation, "You lead, and nobody else is woken.", on);
        }
        yield return new("Add a note", NoteIncident.Operation, "It stands in the timeline with your name.", on)
        {
            Asks = [new("text", "What you see or did", IsNeeded: true, LettersMax: 2_000)],
        };
        if (one.Rollback is not null)
        {
            yield return new("Roll back", RollbackIncident.Operation, $"Takes the suspect back. {one.Rollback}", on)
            {
                IsGrave = true,
                Confirms = one.Site?.Split('/')[0] ?? "roll back",
            };
        }
        yield return new("Resolve", ResolveIncident.Operation, "It is over: a draft of the post-mortem is written.", on)
        {
            Asks = [Ask.Reason],
        };
    }

    private static Picture TimelineOf(IncidentView one, DateTimeOffset now)
    {
        var end = one.ResolvedAt ?? now;
        var happened = new List<Drawing.Happening>
        {
            new(0, one.StartedAt, one.MitigatedAt ?? end, "users are hurt", "bad"),
        };
        void Seen(DateTimeOffset? at, string name, string tone)
        {
            if (at is { } known)
            {
                happened.Add(new(1, known, null, name, tone));
            }
        }
        Seen(one.DetectedAt, "detected", "bad");
        Seen(one.AcknowledgedAt, "acknowledged", "warn");
        Seen(one.MitigatedAt, "mitigated", "good");
        Seen(one.ResolvedAt, "resolved", "good");
        happened.AddRange(
            one.Suspects.Select(static cause => new Drawing.Happening(
                2,
                cause.At,
                null,
                $"{cause.What}: {cause.Why}",
                "warn"
            ))
        );
        happened.AddRange(
            one.Timeline.Where(static at => at.By.Length > 0)
                .Select(static at => new Drawing.Happening(3, at.At, null, at.Text, "plain"))
        );
        var from = happened.Min(static at => at.At);
        return new(
            "Timeline",
            $"It was detected {(one.DetectedAt - one.StartedAt < TimeSpan.FromSeconds(1) ? "at once" : $"{Figures.Time(one.DetectedAt - one.StartedAt)} after it began")}, {(one.AcknowledgedAt is { } had ? $"somebody had it {Figures.Time(had - one.DetectedAt)} later" : one.State == "resolved" ? "nobody said that they had it" : "nobody has it yet")}, {(one.MitigatedAt is { } well ? $"and it hurt nobody any more {Figures.Time(well - one.StartedAt)} after it began" : "and it goes on")}.",
            new(
                ["Time (UTC)", "Lane", "What"],
                [
                    .. happened
                        .OrderBy(static at => at.At)
                        .Take(MomentsMax)
                        .Select(at => (IReadOnlyList<string>)[Texts.Time(at.At, now), Lanes[at.Lane], at.Name]),
                ]
            ),
            new Drawing.Lanes(Lanes, happened, from - (end - from) * 0.03, end > from ? end : from.AddMinutes(1))
        );
    }

    private static Picture NumbersOf(GraphIncident.View graph) =>
        new(
            graph.Title,
            graph.Sentence,
            new(
                ["Time (UTC)", $"{graph.Title}{graph.Unit}"],
                [
                    .. graph
                        .Points.Where(static point => point.Value is not null)
                        .TakeLast(MomentsMax)
                        .Select(static point =>
                            (IReadOnlyList<string>)
                                [
                                    point.At.UtcDateTime.ToString("HH:mm:ss", CultureInfo.InvariantCulture),
                                    Figures.Brief(point.Value!.Value), // Those without were left out.
                                ]
                        ),
                ]
            ),
            new Drawing.Lines(
                [
                    new(
                        graph.Title,
                        "other",
                        [
                            .. graph.Points.Select(static point => new Drawing.Point(
                                point.At,
                                point.Value ?? double.NaN
                            )),
                        ],
                        [],
                        []
                    ),
                ],
                graph.Unit,
                Limit: null,
                [.. graph.Marks.Select(static mark => new Drawing.Mark(mark.At, mark.Name))]
            )
        );

    private static Block.Table Suspects(IncidentView one) =>
        new(
            "Suspects",
            ["What", "When", "What speaks for it"],
            [
                .. one.Suspects.Select(
                    static (cause, index) => new Block.Row($"{index}", [cause.What, Cell.Time(cause.At), cause.Why])
                ),
            ]
        )
        {
            Nothing = "Nothing changed shortly before it.",
        };

    private static Block.Facts Facts(IncidentView one) =>
        new(
            "Facts",
            [
                ("State", Cell.State(one.State)),
                ("Severity", Cell.State(one.Severity)),
                ("Where", Cell.Link(one.Site ?? "everything", Links.Site(one.Site))),
                ("Services", string.Join(", ", one.Services)),
                ("Led by", Texts.Who(one.Commander ?? "nobody yet")),
                ("Began", Cell.Time(one.StartedAt)),
                ("Detected", Cell.Time(one.DetectedAt)),
                ("Acknowledged", Cell.Time(one.AcknowledgedAt)),
                ("Mitigated", Cell.Time(one.MitigatedAt)),
                ("Resolved", Cell.Time(one.ResolvedAt)),
                ("Going back", one.Rollback ?? "there is nothing to go back to"),
            ]
        );

    private static Block.Table FollowUps(IncidentView one) =>
        new(
            "To be done afterwards",
            ["What", "Who", "Due", "State"],
            [
                .. one.FollowUps.Select(static each => new Block.Row(
                    $"{each.Number}",
                    [
                        each.Text,
                        each.Owner ?? "nobody",
                        $"{each.Due:yyyy-MM-dd}",
                        Cell.State(each.IsDone ? "done" : "waiting"),
                    ]
                )),
            ]
        )
        {
            Nothing = "Nothing was written down yet.",
            Command = $"fairlead incident followup {one.Incident}",
        };
}
