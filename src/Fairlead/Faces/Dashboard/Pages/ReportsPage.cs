using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>How often, how fast and how safely is delivered, and how that went over the weeks.</summary>
public sealed class ReportsPage : IPage
{
    private const int Weeks = 8;

    public string Route => "/ui/reports";

    public string Section => "Reports";

    // Reading the whole journal again and again for numbers of weeks would be for nothing.
    public bool IsLive => false;

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var input = new JsonObject { ["explain"] = true };
        if (place.Asked("app") is { } app)
        {
            input["app"] = app;
        }
        var report = await asking.AskAsync<ReportDelivery.Output>(ReportDelivery.Operation, input, stop);
        var weeks = new List<(string Name, IReadOnlyList<ReportDelivery.Row> Numbers)>();
        for (var back = Weeks - 1; back >= 0; back--)
        {
            var until = asking.Now.UtcDateTime.Date.AddDays(1 - 7 * back);
            var asked = new JsonObject { ["from"] = Day(until.AddDays(-7)), ["until"] = Day(until) };
            if (place.Asked("app") is { } of)
            {
                asked["app"] = of;
            }
            var week = await asking.AskAsync<ReportDelivery.Output>(ReportDelivery.Operation, asked, stop);
            weeks.Add((until.AddDays(-1).ToString("MMM d", CultureInfo.InvariantCulture), week.Numbers));
        }
        return new Sheet(
            $"From {Day(report.From.UtcDateTime)} to {Day(report.Until.UtcDateTime)}, reckoned from the journal alone. Each number says how.",
            [
                new Block.Filter(Route, [new("app", "App", place.Asked("app"), []) { Hint = "all apps" }]),
                new Block.Table(
                    "Numbers",
                    ["Number", "#Value", "Band", "~How it is reckoned"],
                    [
                        .. report.Numbers.Select(static one => new Block.Row(
                            one.Name,
                            [States.Said(one.Name), ValueOf(one), Band(one.Band), one.How]
                        )),
                    ]
                ),
                new Block.Beside([.. report.Numbers.Select((one, index) => Trend(one, index, weeks)).OfType<Block>()]),
            ]
        ).As(AnswerOf(report.Numbers));
    }

    private static string AnswerOf(IReadOnlyList<ReportDelivery.Row> numbers) =>
        numbers.Select(static one => one.Band).OfType<string>().ToList() is { Count: > 0 } bands
            ? $"{bands.Count(static one => one is "elite" or "high")} of {Texts.Count(bands.Count, "number")} are high or elite"
            : "Nothing was delivered in these 30 days";

    private static string ValueOf(ReportDelivery.Row one) =>
        one.Value is { } value ? $"{Figures.Brief(value)} {one.Unit}" : "–";

    private static Cell Band(string? band) =>
        band is null
            ? new Cell("–")
            : new Cell(States.Said(band))
            {
                Tone = band switch
                {
                    "elite" or "high" => "good",
                    "medium" => "warn",
                    _ => "bad",
                },
            };

    private static Block.Figure? Trend(
        ReportDelivery.Row of,
        int index,
        IReadOnlyList<(string Name, IReadOnlyList<ReportDelivery.Row> Numbers)> weeks
    )
    {
        var values = weeks
            .Select(week => (week.Name, week.Numbers.FirstOrDefault(one => one.Name == of.Name)?.Value))
            .ToList();
        if (values.All(static one => one.Value is null))
        {
            return null;
        }
        var picture = new Picture(
            States.Said(of.Name),
            $"{ValueOf(of)} over the whole time; the last week {(values[^1].Value is { } last ? $"{Figures.Brief(last)} {of.Unit}" : "has none")}.",
            new(
                ["Week until", States.Said(of.Unit)],
                [
                    .. values.Select(static one =>
                        (IReadOnlyList<string>)[one.Name, one.Value is { } value ? Figures.Brief(value) : "–"]
                    ),
                ]
            ),
            new Drawing.Bars([.. values.Select(static one => new Drawing.Bar(one.Name, one.Value ?? 0, 0))], "")
        );
        return new Block.Figure(picture, $"trend{index}", IsHalf: true);
    }

    private static string Day(DateTime day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
