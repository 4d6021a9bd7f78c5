using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Acts;
using Fairlead.Faces.Dashboard.Charts;
using AppStatus = Fairlead.Engine.Operations.Status;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>An app in an environment: its services and traffic, its releases, what watches it.</summary>
public sealed class AppPage : IPage
{
    private const int ReleasesMax = 15;

    public string Route => "/ui/apps/{app}/{environment}";

    public string Section => "Overview";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var site = new JsonObject { ["app"] = place["app"], ["environment"] = place["environment"] };
        var status = await asking.AskAsync<AppStatus.Output>(AppStatus.Operation, site, stop);
        var app = status.Apps[0];
        var releases = await asking.TryAsync<Releases.Output>(Releases.Operation, site, stop);
        var monitors = await asking.TryAsync<ListMonitors.Output>(ListMonitors.Operation, site, stop);
        var alerts = await asking.TryAsync<ListAlerts.Output>(ListAlerts.Operation, site, stop);
        var secrets = await asking.TryAsync<ListSecrets.Output>(ListSecrets.Operation, site, stop);
        var (_, word) = States.Of(app);
        var blocks = new List<Block>
        {
            new Block.Acts(await ActsAsync(asking, app, releases?.Releases ?? [], stop)),
            Services(app),
            new Block.Beside(await TrafficAsync(asking, app, releases?.Releases ?? [], stop)),
            ReleasesOf(app, releases?.Releases ?? []),
            new Block.Beside([Alerts(alerts?.Alerts ?? []), Monitors(monitors?.Monitors ?? [])]),
            Instances(app),
        };
        if (
            await LatencyHeat.AskAsync(
                asking,
                $"app=\"{app.App}\",environment=\"{app.Environment}\"",
                DeployMarks.Of(releases?.Releases ?? []),
                stop
            ) is
            { } heat
        )
        {
            blocks.Insert(3, new Block.Figure(heat, "heat"));
        }
        if (secrets is not null)
        {
            blocks.Add(Secrets(secrets.Secrets));
        }
        return new Sheet(LeadOf(app), blocks).As(
            $"{app.App} in {app.Environment}: {char.ToLowerInvariant(word[0])}{word[1..]}"
        ) with
        {
            Crumbs = [("Overview", "/ui/"), (app.Environment, null), (app.App, null)],
        };
    }

    private static string LeadOf(AppStatus.AppView app) =>
        (app.Live is { } live ? $"Release {live} is live." : "No release is live.")
        + (app.Deployment is { IsOver: false } one ? $" Release {one.Release} is under way." : "")
        + (app.Urls.Count > 0 ? $" It answers at {string.Join(", ", app.Urls)}." : "")
        + string.Concat(app.Warnings.Select(static one => $" {one}"));

    private static async Task<IReadOnlyList<Act>> ActsAsync(
        Asking asking,
        AppStatus.AppView app,
        IReadOnlyList<Releases.ReleaseView> releases,
        CancellationToken stop
    )
    {
        var site = new Dictionary<string, string> { ["app"] = app.App, ["environment"] = app.Environment };
        // Where nothing was live before, there is nothing to go back to.
        var hasPrevious = releases.Any(one => one.State == "was live" && one.Release < app.Live);
        var back = new Act(
            "Roll back",
            Rollback.Operation,
            "The release before gets all traffic in one switch. What the live one wrote to databases stays.",
            site
        )
        {
            IsGrave = true,
            Confirms = app.App,
            Asks = [new("to", "Release to return to; the one before when left out")],
        };
        var trouble = new Act(
            "Open an incident",
            OpenIncident.Operation,
            "Somebody is woken, and what happens from now on is kept together.",
            site
        )
        {
            Asks = [new("title", "What is wrong, in one line", IsNeeded: true, LettersMax: 200)],
        };
        return await Offered.ToAsync(asking, hasPrevious ? [back, trouble] : [trouble], stop);
    }

    private static Block.Table Services(AppStatus.AppView app) =>
        new(
            "Services",
            ["Part", "#Share", "#Ready", "#Requests/s", "~#Errors", "~#p95"],
            [
                .. app.Parts.Select(static part => new Block.Row(
                    part.Part,
                    [
                        Cell.Code(part.Part),
                        $"{part.Share}",
                        $"{part.Ready}/{part.Wanted}",
                        part.RequestsPerSecond is { } rate ? Figures.Brief(rate) : "–",
                        Figures.Percent(part.ErrorPercent),
                        Figures.Milliseconds(part.P95Milliseconds),
                    ]
                )),
            ]
        )
        {
            Nothing = "Nothing runs.",
            Command = "fairlead deploy",
        };

    private static Block.Table ReleasesOf(AppStatus.AppView app, IReadOnlyList<Releases.ReleaseView> all) =>
        new(
            "Releases",
            ["Release", "State", "Made", "~Parts", "~Commit", "~Why it ended so"],
            [
                .. all.Take(ReleasesMax)
                    .Select(one => new Block.Row(
                        $"{one.Release}",
                        [
                            Cell.Link(
                                $"@{one.Release}",
                                app.Deployment?.Release == one.Release ? Links.Deployment(app.Deployment.Id) : null
                            ),
                            Cell.State(one.State),
                            Cell.Time(one.At),
                            Cell.Code(one.Parts),
                            Cell.Code(one.Commit is { Length: > 8 } commit ? commit[..8] : one.Commit),
                            one.Reason ?? "",
                        ]
                    )),
            ]
        )
        {
            Command = "fairlead deploy",
        };

    private static Block.Table Alerts(IReadOnlyList<ListAlerts.View> alerts) =>
        new(
            "Firing alerts",
            ["Alert", "Severity", "Since"],
            [
                .. alerts.Select(static one => new Block.Row(
                    one.Fingerprint,
                    [one.Summary, Cell.State(one.Severity), Cell.Time(one.Since)]
                )),
            ]
        )
        {
            Nothing = "No alert fires.",
            More = ("All alerts", "/ui/alerts"),
        };

    private static Block.Table Monitors(IReadOnlyList<MonitorRow> monitors) =>
        new(
            "Monitors",
            ["Monitor", "State", "30 days"],
            [
                .. monitors.Select(static one => new Block.Row(
                    one.Monitor,
                    [Cell.Link(one.Monitor, MonitorsPage.UrlOf(one.Monitor)), Cell.State(one.State), one.Up30d ?? "–"]
                )),
            ]
        )
        {
            Nothing = "Nothing is looked at.",
            Command = "fairlead monitor add",
        };

    private static Block.Table Instances(AppStatus.AppView app) =>
        new(
            "Replicas",
            ["Replica", "State", "~Address", "~#Restarts", "~Trouble"],
            [
                .. app.Instances.Select(static one => new Block.Row(
                    one.Replica,
                    [
                        Cell.Code(one.Replica),
                        new Cell($"{one.State}")
                        {
                            Tone = one.State switch
                            {
                                Model.Releases.InstanceState.Ready => "good",
                                Model.Releases.InstanceState.Starting => "motion",
                                Model.Releases.InstanceState.Stopping => "mute",
                                _ => "bad",
                            },
                        },
                        Cell.Code(one.Endpoint),
                        $"{one.Restarts}",
                        one.Problem ?? "",
                    ]
                )),
            ]
        );

    private static Block.Table Secrets(IReadOnlyList<ListSecrets.Row> secrets) =>
        new(
            "Secrets, by name",
            ["Secret", "Live", "Since", "~Used by"],
            [
                .. secrets.Select(static one => new Block.Row(
                    one.Secret,
                    [Cell.Code(one.Secret), one.Live, Cell.Time(one.Since), one.UsedBy]
                )),
            ]
        )
        {
            Nothing = "It is given none.",
            Command = "fairlead secret set",
        };

    private static async Task<IReadOnlyList<Block>> TrafficAsync(
        Asking asking,
        AppStatus.AppView app,
        IReadOnlyList<Releases.ReleaseView> releases,
        CancellationToken stop
    )
    {
        var scope = $"app=\"{app.App}\",environment=\"{app.Environment}\"";
        var marks = DeployMarks.Of(releases);
        var rate = await SeriesPicture.AskAsync(
            asking,
            new(
                "Requests a second",
                $"sum by (service) (rate(fairlead_requests_ended_total{{{scope}}}[1m]))",
                "30m",
                "",
                "answered"
            ),
            marks,
            stop
        );
        var errors = await SeriesPicture.AskAsync(
            asking,
            new(
                "Errors",
                $"100 * sum by (service) (rate(fairlead_requests_failed_total{{{scope}}}[1m]) + rate(fairlead_requests_lost_total{{{scope}}}[1m])) / sum by (service) (rate(fairlead_requests_ended_total{{{scope}}}[1m]))",
                "30m",
                "%",
                "of requests fail"
            ),
            marks,
            stop
        );
        return
        [
            .. new[] { (rate, "rate"), (errors, "errors") }
                .Where(static one => one.Item1 is not null)
                .Select(static one => new Block.Figure(
                    one.Item1!,
                    one.Item2,
                    IsHalf: true,
                    SeriesPicture.KeysOf(one.Item1!)
                )),
        ];
    }
}
