using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Acts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What is wrong now, who is told of it, and of what nobody is.</summary>
public sealed class AlertsPage : IPage
{
    private const int ToldMax = 30;

    private static Ask LastsFor { get; } = new("for", "For how long", IsNeeded: true, LettersMax: 20) { Value = "1h" };

    public string Route => "/ui/alerts";

    public string Section => "Alerts";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var alerts = await asking.AskAsync<ListAlerts.Output>(
            ListAlerts.Operation,
            new JsonObject { ["all"] = true },
            stop
        );
        var silences = await asking.TryAsync<ListSilences.Output>(ListSilences.Operation, [], stop);
        var onCall = await asking.TryAsync<ShowOnCall.Output>(ShowOnCall.Operation, [], stop);
        var told = await asking.TryAsync<ListNotifications.Output>(
            ListNotifications.Operation,
            new JsonObject { ["most"] = ToldMax },
            stop
        );
        var firing = alerts.Alerts.Where(static one => one.State == "firing").ToList();
        var blocks = new List<Block> { await FiringAsync(asking, firing, stop), Others(alerts.Alerts) };
        if (silences is not null)
        {
            blocks.Add(await SilencesAsync(asking, silences.Silences, stop));
        }
        if (onCall is not null && told is not null)
        {
            blocks.Add(new Block.Beside([OnCall(onCall), Told(told.Notifications)]));
        }
        var muted = firing.Count(static one => one.Muted is not null);
        return new Sheet(
            firing.Count == 0
                ? "Rules are evaluated all the time; what fires stands here, and whoever is on call is told."
                : $"{Texts.Count(firing.Count(static one => one.Severity == "page"), "of them wakes", "of them wake")} somebody.",
            blocks
        ).As(
            firing.Count == 0
                ? "No alert fires"
                : $"{Texts.Count(firing.Count, "alert fires", "alerts fire")}{(muted > 0 ? $", {muted} silently" : "")}"
        );
    }

    private static async Task<Block> FiringAsync(
        Asking asking,
        IReadOnlyList<ListAlerts.View> firing,
        CancellationToken stop
    )
    {
        var rows = new List<Block.Row>();
        foreach (var one in firing)
        {
            var act = new Act(
                "Silence it",
                AddSilence.Operation,
                "Nobody is told of it for a while; it stays visible here.",
                Offered.On(
                    "matchers",
                    string.Join(
                        '\n',
                        one.Labels.Where(static label => label.Key is not "severity")
                            .Select(static label => $"{label.Key}={label.Value}")
                    )
                )
            )
            {
                Asks = [LastsFor, Ask.Reason with { IsNeeded = true }],
            };
            rows.Add(
                new(
                    one.Fingerprint,
                    [
                        one.Summary,
                        Cell.State(one.Severity),
                        Cell.Link(one.Site ?? "–", Links.Site(one.Site)),
                        Cell.Time(one.Since),
                        one.Muted ?? "",
                        one.Action ?? "",
                    ]
                )
                {
                    Acts = await Offered.ToAsync(asking, [act], stop),
                    Picks = act.Input,
                }
            );
        }
        var several = new Act(
            "Silence the chosen ones",
            AddSilence.Operation,
            "Nobody is told of them for a while; they stay visible here.",
            new Dictionary<string, string>()
        )
        {
            Asks = [LastsFor, Ask.Reason with { IsNeeded = true }],
        };
        return new Block.Table(
            "Firing",
            ["What", "Severity", "Where", "Since", "~Nobody is told because", "~What to do"],
            rows
        )
        {
            Nothing = "All is quiet.",
            Several = await Offered.OneAsync(asking, several, stop),
        };
    }

    private static Block.Table Others(IReadOnlyList<ListAlerts.View> all) =>
        new(
            "About to fire, or ended lately",
            ["What", "State", "Where", "Since"],
            [
                .. all.Where(static one => one.State != "firing")
                    .Take(50)
                    .Select(static one => new Block.Row(
                        one.Fingerprint,
                        [
                            one.Summary,
                            Cell.State(one.State),
                            Cell.Link(one.Site ?? "–", Links.Site(one.Site)),
                            Cell.Time(one.Since),
                        ]
                    )),
            ]
        );

    private static async Task<Block> SilencesAsync(
        Asking asking,
        IReadOnlyList<ListSilences.View> silences,
        CancellationToken stop
    )
    {
        var rows = new List<Block.Row>();
        foreach (var one in silences)
        {
            var act = new Act(
                "End it",
                RemoveSilence.Operation,
                "From now on somebody is told again.",
                Offered.On("id", one.Id)
            );
            rows.Add(
                new(one.Id, [Cell.Code(one.Matchers), Cell.State(one.State), Cell.Time(one.Until), one.By, one.Reason])
                {
                    Acts = await Offered.ToAsync(asking, [act], stop),
                }
            );
        }
        return new Block.Table("Silences", ["Of what", "State", "Until", "~By", "Why"], rows)
        {
            Nothing = "Nothing is silenced.",
            Command = "fairlead silence add",
        };
    }

    private static Block.Table OnCall(ShowOnCall.Output onCall) =>
        new(
            "On call",
            ["Schedule", "Now", "Next", "From"],
            [
                .. onCall.Schedules.Select(static one => new Block.Row(
                    one.Schedule,
                    [one.Schedule, one.Now ?? "nobody", one.Next ?? "–", Cell.Time(one.From)]
                )),
            ]
        )
        {
            Nothing = "No schedule says who is on call.",
            Command = "fairlead routing set",
        };

    private static Block.Table Told(IReadOnlyList<ListNotifications.Row> told) =>
        new(
            "Who was told",
            ["When", "What", "To", "State"],
            [
                .. told.Select(
                    static (one, index) =>
                        new Block.Row(
                            $"{index}",
                            [Cell.Time(one.At), one.Title, $"{one.Receiver} by {one.Channel}", Cell.State(one.State)]
                        )
                ),
            ]
        )
        {
            Nothing = "Nobody was told of anything yet.",
            Command = "fairlead notification test",
        };
}
