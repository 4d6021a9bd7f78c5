using System.Text;
using System.Xml.Linq;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Faces.Status;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;

namespace Fairlead.Tests.Faces.Status;

/// <summary>What everybody is shown.</summary>
public sealed class StatusPageTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 31, 12, 0, 0, TimeSpan.Zero);
    private static readonly Site Shop = new("shop", "production");
    private static readonly StatusPage Page = new(
        "public",
        "Shop & friends",
        [
            new("Shop", [new("Checkout", "shop/production/api"), new("Pages", "shop/production/web")]),
            new("Inside", [new("Gone", "gone")]),
        ]
    );

    [Fact]
    public void Components_are_shown_by_their_labels_with_ninety_days_and_their_uptime()
    {
        var view = View();
        Assert.Equal("degraded", view.State);
        Assert.Equal(
            ["Checkout down 98.901%", "Pages operational 100%", "Gone unknown "],
            view.Groups.SelectMany(one => one.Components).Select(one => $"{one.Label} {one.State} {one.Uptime}")
        );
        Assert.All(view.Groups.SelectMany(one => one.Components), one => Assert.Equal(90, one.Days.Count));
        Assert.Equal(new StatusDay(new(2026, 3, 31), 86_400 / 2, 86_400 / 2), view.Groups[0].Components[0].Days[^1]);
    }

    [Fact]
    public void Incidents_and_work_that_concern_the_page_are_on_it_and_no_others()
    {
        var view = View(
            [
                Told("Checkout fails", StatusStage.Investigating, 60, "shop/production/api"),
                Told("Checkout fails", StatusStage.Resolved, 30, "shop/production/api"),
                Told("Elsewhere", StatusStage.Investigating, 30, "blog/production/web"),
                Told("All of it", StatusStage.Identified, 90),
            ],
            [
                new("a", Now.AddHours(1), Now.AddHours(2), "New disks.") { Site = Shop, Services = ["web"] },
                new("b", Now.AddHours(1), Now.AddHours(2), "Elsewhere.") { Site = new("blog", "production") },
            ]
        );
        Assert.Equal(
            ["All of it: Identified, 1 updates, ", "Checkout fails: Resolved, 2 updates, Checkout"],
            view.Incidents.Select(one =>
                $"{one.Title}: {one.State}, {one.Updates.Count} updates, {string.Join(", ", one.Components)}"
            )
        );
        Assert.Equal(
            ["New disks. Pages"],
            view.Maintenance.Select(one => $"{one.Text} {string.Join(", ", one.Components)}")
        );
    }

    [Fact]
    public void Nothing_that_somebody_wrote_becomes_a_part_of_the_page()
    {
        var evil = "<script>alert(1)</script>\"'&";
        var view = View([Told(evil, StatusStage.Investigating, 1)], [new("a", Now, Now.AddHours(1), evil)]) with
        {
            Title = evil,
            About = evil,
        };
        var html = StatusHtml.Of(view, Now);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("\"'&", html, StringComparison.Ordinal);
        var feed = XDocument.Parse(
            Encoding.UTF8.GetString(StatusFeed.Of(view, new Uri("https://x/status/public"), Now))
        );
        Assert.Equal(evil, feed.Root!.Element("channel")!.Element("title")!.Value);
    }

    [Fact]
    public void The_page_names_no_host_no_monitor_and_no_reason()
    {
        var html = StatusHtml.Of(View(), Now);
        Assert.DoesNotContain("10.0.0.5", html, StringComparison.Ordinal);
        Assert.DoesNotContain("shop/production", html, StringComparison.Ordinal);
        Assert.DoesNotContain("refused", html, StringComparison.Ordinal);
    }

    [Fact]
    public void What_the_bars_show_is_said_in_words_too()
    {
        var html = StatusHtml.Of(View(), Now);
        Assert.Contains(
            "aria-label=\"Checkout: down on 1 of the last 46 days. 2026-03-31: down for 12 h 0 min.\"",
            html,
            StringComparison.Ordinal
        );
        Assert.Contains("aria-label=\"Gone: nothing is known of the last 90 days.\"", html, StringComparison.Ordinal);
        Assert.Equal(180 + 90 + 1, html.Split("<rect").Length - 1);
    }

    [Fact]
    public void A_control_character_does_not_break_the_feed() =>
        Assert.Contains(
            "<title>ab: investigating</title>",
            Encoding.UTF8.GetString(
                StatusFeed.Of(
                    View([Told("a\u0001b", StatusStage.Investigating, 1)]),
                    new Uri("https://x/status/public"),
                    Now
                )
            ),
            StringComparison.Ordinal
        );

    private static StatusUpdate Told(string title, StatusStage state, int minutesAgo, params string[] components) =>
        new(title, StatusImpact.Minor, state, "We look.", Now.AddMinutes(-minutesAgo), components);

    private static StatusPageView View(
        IReadOnlyList<StatusUpdate>? updates = null,
        IReadOnlyList<Maintenance>? planned = null
    )
    {
        var midnight = Now.AddHours(-12);
        var api = UptimeBook.New(midnight.AddDays(-45)).Count(MonitorState.Up, midnight);
        var web = UptimeBook.New(midnight.AddDays(-200));
        return StatusSummary.Of(
            Page,
            new Dictionary<string, MonitorSight>
            {
                ["shop/production/api"] = Sight("api", MonitorState.Down, api),
                ["shop/production/web"] = Sight("web", MonitorState.Up, web),
            },
            (updates ?? [], planned ?? []),
            Now
        );
    }

    private static MonitorSight Sight(string name, MonitorState state, UptimeBook book) =>
        new(
            new(Shop, new() { Name = name, Url = "tcp://10.0.0.5:22" }, MonitorOrigin.Manifest),
            state,
            Now,
            new(state, Now, "10.0.0.5 refused."),
            book,
            null
        );
}
