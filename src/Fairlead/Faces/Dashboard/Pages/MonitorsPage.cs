using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What is looked at again and again, and whether it answers.</summary>
public sealed class MonitorsPage : IPage
{
    public string Route => "/ui/monitors";

    public string Section => "Monitors";

    /// <summary>The page of one; its name holds slashes.</summary>
    public static string UrlOf(string monitor) => $"/ui/monitor?name={Uri.EscapeDataString(monitor)}";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var all = (await asking.AskAsync<ListMonitors.Output>(ListMonitors.Operation, [], stop)).Monitors;
        var down = all.Count(static one => one.State == "down");
        return new Sheet(
            "What apps serve is looked at by itself; other addresses can be added.",
            [
                new Block.Table(
                    "Monitors",
                    ["Monitor", "State", "~Since", "~Took", "24 hours", "~30 days", "~90 days", "~Why"],
                    [
                        .. all.OrderBy(static one => one.State is "up" ? 1 : 0)
                            .Select(static one => new Block.Row(
                                one.Monitor,
                                [
                                    Cell.Link(one.Monitor, UrlOf(one.Monitor)),
                                    Cell.State(one.State),
                                    Cell.Time(one.Since),
                                    one.Took,
                                    one.Up24h,
                                    one.Up30d,
                                    one.Up90d,
                                    one.Why,
                                ]
                            )),
                    ]
                )
                {
                    Nothing = "Nothing is looked at yet.",
                    Command = "fairlead monitor add",
                },
            ]
        ).As(
            all.Count == 0 ? "Nothing is looked at yet"
            : down > 0 ? $"{Texts.Count(down, "monitor is", "monitors are")} down, of {all.Count}"
            : $"All that is looked at answers: {Texts.Count(all.Count, "monitor")}"
        );
    }
}

/// <summary>One monitor, with a bar for each of the last days.</summary>
public sealed class MonitorPage : IPage
{
    public string Route => "/ui/monitor";

    public string Section => "Monitors";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var found = await asking.AskAsync<ShowMonitor.Output>(
            ShowMonitor.Operation,
            new JsonObject { ["monitor"] = place.Asked("name") ?? "" },
            stop
        );
        var (one, on) = (found.Monitor, Offered.On("monitor", found.Monitor.Monitor));
        var acts = await Offered.ToAsync(
            asking,
            [
                one.State == "paused"
                    ? new("Go on", ResumeMonitor.Operation, "It is looked at again.", on)
                    : new Act("Pause", PauseMonitor.Operation, "Nobody looks until somebody lets it go on.", on),
                new("Look now", TestMonitor.Operation, "Looks once, beside its turns.", on),
            ],
            stop
        );
        var blocks = new List<Block> { new Block.Acts(acts) };
        if (Days(found.Days) is { } days)
        {
            blocks.Add(new Block.Figure(days, "days", Keys: [("up", "up"), ("bad", "down for a part of it")]));
        }
        blocks.Add(
            new Block.Facts(
                "Facts",
                [
                    ("State", Cell.State(one.State)),
                    ("Since", Cell.Time(one.Since)),
                    ("Why", one.Why),
                    ("Address", Cell.Code(one.Url)),
                    ("Every", one.Every),
                    ("Took", one.Took),
                    ("Up, 24 hours", one.Up24h),
                    ("Up, 90 days", one.Up90d),
                    ("Depends on", found.DependsOn.Count == 0 ? "nothing" : string.Join(", ", found.DependsOn)),
                ]
            )
        );
        return new Sheet(one.Why, blocks).As($"{one.Monitor} is {one.State}") with
        {
            Crumbs = [("Monitors", "/ui/monitors"), (one.Monitor, null)],
        };
    }

    private static Picture? Days(IReadOnlyList<ShowMonitor.Day> days)
    {
        if (days.Count == 0)
        {
            return null;
        }
        var down = days.Where(static one => one.DownSeconds > 0).ToList();
        return new(
            "The last days",
            down.Count == 0
                ? $"It was never down in the {Texts.Count(days.Count, "day")} that are known."
                : $"It was down on {down.Count} of {Texts.Count(days.Count, "day")}, {Figures.Time(TimeSpan.FromSeconds(down.Sum(static one => one.DownSeconds)))} in all.",
            new(
                ["Day", "Up", "Down"],
                [
                    .. days.Select(static one =>
                        (IReadOnlyList<string>)
                            [one.Date, one.Up ?? "nothing known", Figures.Time(TimeSpan.FromSeconds(one.DownSeconds))]
                    ),
                ]
            ),
            new Drawing.Days([
                .. days.OrderBy(static one => one.Date, StringComparer.Ordinal)
                    .Select(static one => new Drawing.Day(
                        one.Date,
                        one.UpSeconds + one.DownSeconds == 0
                            ? null
                            : (double)one.DownSeconds / (one.UpSeconds + one.DownSeconds),
                        one.DownSeconds == 0
                            ? $"{one.Up ?? "nothing known"}"
                            : $"{one.Up}, down for {Figures.Time(TimeSpan.FromSeconds(one.DownSeconds))}"
                    )),
            ])
        );
    }
}
