using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>Who is on call now and in the next four weeks, and when nobody is.</summary>
public sealed class OnCallPage : IPage
{
    private const int Days = 28;
    private const int RowsMax = 80;
    private const int GapsMax = 20;

    public string Route => "/ui/on-call";

    public string Section => "On call";

    public Permission? OnAll => Permission.Watch;

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var found = await asking.AskAsync<ShowOnCall.Output>(
            ShowOnCall.Operation,
            new JsonObject { ["days"] = Days },
            stop
        );
        var shifts = found.Shifts ?? [];
        var blocks = new List<Block>
        {
            new Block.Table(
                "Now",
                ["Schedule", "On call", "Then", "From"],
                [
                    .. found.Schedules.Select(static one => new Block.Row(
                        one.Schedule,
                        [one.Schedule, one.Now ?? "nobody", one.Next ?? "–", Cell.Time(one.From)]
                    )),
                ]
            )
            {
                Nothing = "No schedule says who is on call.",
                Command = "fairlead routing set",
            },
        };
        if (shifts.Count > 0)
        {
            blocks.Add(new Block.Figure(Calendar(shifts, asking.Now), "calendar"));
        }
        if (shifts.Any(static one => one.Person is null))
        {
            blocks.Add(
                new Block.Table(
                    "When nobody is on call",
                    ["Schedule", "From", "Until", "~For"],
                    [
                        .. shifts
                            .Where(static one => one.Person is null)
                            .Take(GapsMax)
                            .Select(
                                static (one, index) =>
                                    new Block.Row(
                                        $"{index}",
                                        [
                                            new Cell(one.Schedule) { Tone = "bad" },
                                            Cell.Time(one.From),
                                            Cell.Time(one.Until),
                                            Figures.Time(one.Until - one.From),
                                        ]
                                    )
                            ),
                    ]
                )
            );
        }
        return new Sheet("Schedules and overrides are in the alerting file; times are in UTC.", blocks).As(
            AnswerOf(found)
        );
    }

    private static string AnswerOf(ShowOnCall.Output found) =>
        found.Schedules.Count == 0 ? "Nobody is on call"
        : found.Schedules.Where(static one => one.Now is null).Select(static one => one.Schedule).ToList()
            is [var empty, ..]
            ? $"Nobody is on call for {empty} now"
        : $"{string.Join(" and ", found.Schedules.Select(static one => $"{one.Now} ({one.Schedule})").Take(3))} on call, "
            + (
                found.Gaps.Count == 0
                    ? "without a gap in 30 days"
                    : $"with {Texts.Count(found.Gaps.Count, "gap")} in 30 days"
            );

    private static Picture Calendar(IReadOnlyList<ShowOnCall.Shift> shifts, DateTimeOffset now)
    {
        var names = shifts.Select(static one => one.Schedule).Distinct().ToList();
        var people = shifts.Select(static one => one.Person).OfType<string>().Distinct().ToList();
        return new(
            "The next four weeks",
            $"{Texts.Count(people.Count, "person takes", "people take")} turns: {string.Join(", ", people.Take(8))}.",
            new(
                ["Schedule", "On call", "From (UTC)", "Until (UTC)"],
                [
                    .. shifts
                        .Take(RowsMax)
                        .Select(static one =>
                            (IReadOnlyList<string>)
                                [one.Schedule, one.Person ?? "nobody", Moment(one.From), Moment(one.Until)]
                        ),
                ]
            ),
            new Drawing.Turns(
                names,
                [
                    .. shifts.Select(one => new Drawing.Turn(
                        names.IndexOf(one.Schedule),
                        one.From,
                        one.Until,
                        one.Person ?? "nobody",
                        one.Person is { } person ? people.IndexOf(person) : -1
                    )),
                ],
                now,
                now.AddDays(Days)
            )
        );
    }

    private static string Moment(DateTimeOffset at) =>
        at.UtcDateTime.ToString("ddd MMM d, HH:mm", CultureInfo.InvariantCulture);
}
