using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;
using AppStatus = Fairlead.Engine.Operations.Status;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>How fast an app is where its users are.</summary>
public sealed class RealUsersPage : IPage
{
    private const int AppsMax = 200;
    private static readonly string[] Kinds = ["release", "route", "device"];

    public string Route => "/ui/users";

    public string Section => "Real users";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var status = await asking.AskAsync<AppStatus.Output>(AppStatus.Operation, [], stop);
        var sites = status.Apps.Select(static one => $"{one.App}/{one.Environment}").Take(AppsMax).ToList();
        var site = place.Asked("site") ?? sites.FirstOrDefault();
        if (site?.Split('/') is not [var app, var environment])
        {
            return new Sheet(
                "Pages that Fairlead serves measure themselves in the browsers of their users.",
                [
                    new Block.Table("Apps", ["App"], [])
                    {
                        Nothing = "Nothing is deployed yet.",
                        Command = "fairlead deploy",
                    },
                ]
            ).As("No users yet");
        }
        var by = place.Asked("by") ?? "release";
        var vitals = await asking.AskAsync<ShowVitals.Output>(
            ShowVitals.Operation,
            new JsonObject
            {
                ["app"] = app,
                ["environment"] = environment,
                ["since"] = place.Asked("since") ?? "7d",
                ["by"] = by,
            },
            stop
        );
        var views = vitals.Vitals.Sum(static one => one.Views);
        return new Sheet(
            "Three of four views are at least as fast as each number; good, fair and poor are as Core Web Vitals draw the lines.",
            [
                new Block.Filter(
                    Route,
                    [
                        new("site", "App", site, sites),
                        new("since", "In the last", place.Asked("since") ?? "7d", ["1d", "7d", "30d", "90d"]),
                        new("by", "By", by, Kinds),
                    ]
                ),
                Table(by, vitals.Vitals),
            ]
        ).As(views == 0 ? $"No user of {site} measured anything yet" : $"{Figures.Whole(views)} views of {site}");
    }

    private static Block.Table Table(string by, IReadOnlyList<ShowVitals.View> all) =>
        new(
            $"By {by}",
            [
                States.Said(by),
                "#Views",
                "Largest paint",
                "Next paint",
                "Layout shift",
                "~First byte",
                "~First paint",
                "~#Errors",
            ],
            [.. all.Select(static one => new Block.Row(one.Of, CellsOf(one)))]
        )
        {
            Nothing = "No page told of itself yet. Pages of static sites do by themselves; others load one script.",
            Command = "fairlead vital show",
        };

    private static IReadOnlyList<Cell> CellsOf(ShowVitals.View one) =>
        [
            one.Of,
            Figures.Whole(one.Views),
            Rated(one.Lcp),
            Rated(one.Inp),
            Rated(one.Cls),
            Rated(one.Ttfb),
            Rated(one.Fcp),
            Figures.Whole(one.Errors),
        ];

    // "1.9s good": the word is the tone.
    private static Cell Rated(string? text) =>
        text is null
            ? new Cell("–")
            : new Cell(text)
            {
                Tone =
                    text.Contains("poor", StringComparison.Ordinal) ? "bad"
                    : text.Contains("fair", StringComparison.Ordinal) ? "warn"
                    : text.Contains("good", StringComparison.Ordinal) ? "good"
                    : "mute",
            };
}
