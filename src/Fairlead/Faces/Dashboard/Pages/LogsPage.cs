using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;
using AppStatus = Fairlead.Engine.Operations.Status;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What apps logged: how much when, and the lines, the newest first. While nobody pages back it is a live tail.</summary>
public sealed class LogsPage : IPage
{
    private const int LinesMax = 200;
    private const int BarsMax = 40;
    private const int SitesMax = 200;
    private static readonly string[] Levels = ["", "debug", "info", "warning", "error", "fatal"];
    private static readonly string[] Spans = ["15m", "1h", "6h", "1d", "7d"];

    public string Route => "/ui/logs";

    public string Section => "Logs";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var asked = QuestionOf(place);
        var paged = (JsonObject)asked.DeepClone();
        paged["limit"] = LinesMax;
        if (place.Asked("cursor") is { } cursor)
        {
            paged["cursor"] = cursor;
        }
        var found = await asking.AskAsync<SearchLogs.Output>(SearchLogs.Operation, paged, stop);
        var counted = (JsonObject)asked.DeepClone();
        counted["bars"] = BarsMax;
        var counts = await asking.AskAsync<CountLogs.Output>(CountLogs.Operation, counted, stop);
        var marks = await DeployMarks.AskAsync(asking, place.Asked("app"), place.Asked("environment"), stop);
        var total = counts.Histogram.Sum(static one => one.Total);
        return new Sheet(
            place.Asked("cursor") is null
                ? "The newest lines come first, and new ones appear by themselves."
                : "Older lines; the newest ones are a page back.",
            [
                Filter(place, await SitesAsync(asking, stop)),
                new Block.Figure(
                    Histogram(counts, total, marks),
                    "histogram",
                    Keys: [("plain", "lines"), ("bad", "errors")]
                ),
                new Block.Lines("Lines", found.Lines)
                {
                    More = found.Cursor is { } next ? ("Older lines", place.With("cursor", next)) : null,
                },
            ]
        ).As($"{Figures.Whole(total)} {(total == 1 ? "line" : "lines")} in the last {place.Asked("since") ?? "1h"}");
    }

    private static async Task<IReadOnlyList<AppStatus.AppView>> SitesAsync(Asking asking, CancellationToken stop) =>
        (await asking.TryAsync<AppStatus.Output>(AppStatus.Operation, [], stop))?.Apps.Take(SitesMax).ToList() ?? [];

    private Block.Filter Filter(Place place, IReadOnlyList<AppStatus.AppView> sites) =>
        new(
            Route,
            [
                new("text", "Words", place.Asked("text"), []) { IsWide = true, Hint = "connection refus*" },
                new("app", "App", place.Asked("app"), [])
                {
                    Often = [.. sites.Select(static one => one.App).Distinct()],
                },
                new("environment", "Environment", place.Asked("environment"), [])
                {
                    Often = [.. sites.Select(static one => one.Environment).Distinct()],
                },
                new("level", "At least", place.Asked("level"), Levels),
                new(
                    "since",
                    "In the last",
                    place.Asked("since") ?? "1h",
                    Spans.Contains(place.Asked("since") ?? "1h") ? Spans : [place.Asked("since")!, .. Spans]
                ),
            ]
        );

    private static JsonObject QuestionOf(Place place)
    {
        var question = new JsonObject { ["since"] = place.Asked("since") ?? "1h" };
        foreach (var name in (string[])["text", "app", "environment", "level", "service", "trace"])
        {
            if (place.Asked(name) is { } value)
            {
                question[name] = value;
            }
        }
        if (int.TryParse(place.Asked("release"), CultureInfo.InvariantCulture, out var release))
        {
            question["release"] = release;
        }
        return question;
    }

    private static Picture Histogram(CountLogs.Output counts, long total, IReadOnlyList<Drawing.Mark> marks)
    {
        long Grave(CountLogs.Bar bar) => bar.Levels.GetValueOrDefault("error") + bar.Levels.GetValueOrDefault("fatal");
        var grave = counts.Histogram.Sum(Grave);
        return new(
            "How much, when",
            $"{Figures.Whole(total)} lines, {Figures.Whole(grave)} of them errors; a bar is {Figures.Time(TimeSpan.FromSeconds(counts.StepSeconds))}.",
            new(
                ["From (UTC)", "Lines", "Errors"],
                [
                    .. counts.Histogram.Select(one =>
                        (IReadOnlyList<string>)[NameOf(one.Time), Figures.Whole(one.Total), Figures.Whole(Grave(one))]
                    ),
                ]
            ),
            new Drawing.Bars(
                [.. counts.Histogram.Select(one => new Drawing.Bar(NameOf(one.Time), one.Total, Grave(one)))],
                ""
            )
            {
                Marks =
                [
                    .. marks
                        .Select(one => (BarOf(counts, one.At), one.Name))
                        .Where(static one => one.Item1 >= 0)
                        .DistinctBy(static one => one.Item1),
                ],
            }
        );
    }

    private static int BarOf(CountLogs.Output counts, DateTimeOffset at)
    {
        for (var index = 0; index < counts.Histogram.Count; index++)
        {
            if (
                DateTimeOffset.TryParse(
                    counts.Histogram[index].Time,
                    CultureInfo.InvariantCulture,
                    DateTimeStyles.AssumeUniversal,
                    out var from
                )
                && at >= from
                && at < from.AddSeconds(counts.StepSeconds)
            )
            {
                return index;
            }
        }
        return -1;
    }

    // 2026-11-28T14:02:00.000000000Z
    private static string NameOf(string time) => time is { Length: >= 16 } ? time[11..16] : time;
}
