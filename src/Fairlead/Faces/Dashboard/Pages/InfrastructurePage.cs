using System.Text.Json.Nodes;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;
using AppStatus = Fairlead.Engine.Operations.Status;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>What apps have at clouds: what was done last, which plan waits, what it is made of, and what it costs.</summary>
public sealed class InfrastructurePage : IPage
{
    private const int SitesMax = 60;
    private const int LooksMax = 8;
    private const int ThingsMax = 36;
    private const int ColumnsMax = 5;
    private const int DriftMax = 100;

    public string Route => "/ui/infrastructure";

    public string Section => "Infrastructure";

    // What it shows follows from manifests and from plans: nothing of it changes by itself.
    public bool IsLive => false;

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var status = await asking.AskAsync<AppStatus.Output>(AppStatus.Operation, [], stop);
        var sites = status.Apps.Where(static one => one.Live is not null).Take(SitesMax).ToList();
        var known = new List<ShowInfrastructure.Output>();
        foreach (var one in status.Apps.Take(SitesMax))
        {
            if (
                await asking.TryAsync<ShowInfrastructure.Output>(
                    ShowInfrastructure.Operation,
                    SiteOf(one.App, one.Environment),
                    stop
                ) is
                { } made
            )
            {
                known.Add(made);
            }
        }
        var blocks = new List<Block> { Runs(known) };
        if (Costs(known) is { } costs)
        {
            blocks.Add(new Block.Figure(costs, "costs"));
        }
        var chosen = await GraphAsync(asking, place.Asked("site"), (sites, known), stop);
        if (chosen is not null)
        {
            blocks.Add(
                new Block.Filter(
                    Route,
                    [
                        new(
                            "site",
                            "App",
                            $"{chosen.App}/{chosen.Environment}",
                            [.. sites.Select(static one => $"{one.App}/{one.Environment}")]
                        ),
                    ]
                )
            );
            blocks.Add(new Block.Figure(Drawn(chosen), "graph"));
        }
        blocks.Add(Drift(known));
        return new Sheet(
            "What apps need of a cloud follows from their manifests. Fairlead writes it as code, plans it, and does exactly what was planned.",
            blocks
        ).As(AnswerOf(known, chosen is not null));
    }

    // That of the site that was asked for; else of the first that has something, looked for no further than a few: each reads a manifest.
    private static async Task<ShowInfrastructureGraph.Output?> GraphAsync(
        Asking asking,
        string? wanted,
        (IReadOnlyList<AppStatus.AppView> Sites, IReadOnlyList<ShowInfrastructure.Output> Known) all,
        CancellationToken stop
    )
    {
        var order = all
            .Sites.OrderBy(one => $"{one.App}/{one.Environment}" == wanted ? 0 : 1)
            .ThenBy(one => all.Known.Any(made => made.App == one.App && made.Environment == one.Environment) ? 0 : 1)
            .Take(wanted is null ? LooksMax : 1);
        foreach (var one in order)
        {
            if (
                await asking.TryAsync<ShowInfrastructureGraph.Output>(
                    ShowInfrastructureGraph.Operation,
                    SiteOf(one.App, one.Environment),
                    stop
                ) is
                { } graph
            )
            {
                return graph;
            }
        }
        return null;
    }

    private static JsonObject SiteOf(string app, string environment) =>
        new() { ["app"] = app, ["environment"] = environment };

    private static string AnswerOf(List<ShowInfrastructure.Output> known, bool isNeeded) =>
        known.Count(static one => one.Waiting is not null) is > 0 and var waiting
            ? $"{Texts.Count(waiting, "plan waits", "plans wait")} to be done"
        : known.FirstOrDefault(static one => one.Run?.State == "failed") is { } failed
            ? $"The last change of {failed.App} {failed.Environment} failed"
        : known.FirstOrDefault(static one => one.Drift is { Changes.Count: > 0 }) is { } drifted
            ? $"Others changed something of {drifted.App} {drifted.Environment} at the cloud"
        : known.Count > 0 ? $"{Texts.Count(known.Count, "app has", "apps have")} something at a cloud"
        : isNeeded ? "Something is needed of a cloud, and nothing was made there yet"
        : "No app needs anything of a cloud";

    private static Block.Table Runs(IReadOnlyList<ShowInfrastructure.Output> known) =>
        new(
            "What was done last, and what waits",
            ["App", "State", "Plan", "When", "~By", "~Costs", "~Why not"],
            [.. known.SelectMany(static one => Rows(one))]
        )
        {
            Nothing = "Nothing was planned or made at a cloud yet.",
            Command = "fairlead infra plan",
        };

    private static IEnumerable<Block.Row> Rows(ShowInfrastructure.Output one)
    {
        var app = Cell.Link($"{one.App} {one.Environment}", Links.App(one.App, one.Environment));
        if (one.Waiting is { } plan)
        {
            yield return new(
                $"{one.App}/{one.Environment} plan",
                [
                    app,
                    plan.Blocked.Count == 0 ? Cell.State("waiting") : new Cell("May not be done") { Tone = "bad" },
                    plan.Summary,
                    Cell.Time(plan.At),
                    Texts.Who(plan.By),
                    plan.Cost ?? "–",
                    string.Join("; ", plan.Blocked.Take(3)),
                ]
            );
        }
        if (one.Run is { } run)
        {
            yield return new(
                $"{one.App}/{one.Environment} run",
                [
                    app,
                    Cell.State(run.State),
                    run.Summary,
                    Cell.Time(run.Ended ?? run.Began),
                    Texts.Who(run.By),
                    run.Costs.Count == 0 ? "–" : Money(run.Costs.Sum(static cost => cost.Monthly)),
                    run.Problem is { } problem ? $"{problem.What} {problem.Why}" : "",
                ]
            );
        }
    }

    private static Block.Table Drift(IReadOnlyList<ShowInfrastructure.Output> known) =>
        new(
            "What others changed at the cloud, when somebody looked last",
            ["App", "What", "~How", "~What differs", "Looked"],
            [.. known.SelectMany(DriftRows).Take(DriftMax)]
        )
        {
            Nothing = "Nobody looked since something was done. Only the cloud itself can say it, which takes minutes.",
            Command = "fairlead infra drift",
        };

    private static IEnumerable<Block.Row> DriftRows(ShowInfrastructure.Output one)
    {
        if (one.Drift is not { } drift)
        {
            yield break;
        }
        var app = Cell.Link($"{one.App} {one.Environment}", Links.App(one.App, one.Environment));
        if (drift.Changes.Count == 0)
        {
            yield return new(
                $"{one.App}/{one.Environment} drift",
                [app, new Cell("Nothing was changed") { Tone = "good" }, "–", "–", Cell.Time(drift.At)]
            );
        }
        foreach (var change in drift.Changes)
        {
            yield return new(
                $"{one.App}/{one.Environment} {change.What}",
                [app, new Cell(change.What) { Tone = "warn" }, change.Do, change.Why, Cell.Time(drift.At)]
            );
        }
        if (drift.Others > 0)
        {
            yield return new(
                $"{one.App}/{one.Environment} others",
                [app, Texts.Count(drift.Others, "other"), "–", "–", Cell.Time(drift.At)]
            );
        }
    }

    private static Picture? Costs(IReadOnlyList<ShowInfrastructure.Output> known)
    {
        var parts = known
            .SelectMany(
                static (one, index) =>
                    (one.Run?.Costs is { Count: > 0 } made ? made : one.Waiting?.Costs ?? []).Select(part =>
                        (one.App, one.Environment, Group: index, Part: part)
                    )
            )
            .OrderByDescending(static one => one.Part.Monthly)
            .ToList();
        if (parts.Count == 0)
        {
            return null;
        }
        var all = parts.Sum(static one => one.Part.Monthly);
        var dearest = parts[0];
        return new(
            "What it costs in a month",
            $"{Money(all)} at list prices, as far as they are known; {dearest.Part.What} of {dearest.App} is {Figures.Percent((double)(100 * dearest.Part.Monthly / all))} of it.",
            new(
                ["App", "What", "Part", "In a month"],
                [
                    .. parts
                        .Take(100)
                        .Select(static one =>
                            (IReadOnlyList<string>)
                                [$"{one.App} {one.Environment}", one.Part.What, one.Part.Part, Money(one.Part.Monthly)]
                        ),
                ]
            ),
            new Drawing.Tree([
                .. parts
                    .GroupBy(static one => (one.Group, one.Part.What))
                    .Select(static one =>
                        (one.First().App, one.Key.Group, one.Key.What, Sum: one.Sum(static each => each.Part.Monthly))
                    )
                    .OrderByDescending(static one => one.Sum)
                    .Take(40)
                    .Select(static one => new Drawing.Leaf(
                        NameOf(one.What),
                        (double)one.Sum,
                        $"{Money(one.Sum)}, {one.App}",
                        one.Group
                    )),
            ])
        );
    }

    // aws_db_instance.main
    private static string NameOf(string what) =>
        what.Split('.') is [var type, .., var name] ? $"{name}: {type.Split('_', 2)[^1].Replace('_', ' ')}" : what;

    private static string Money(decimal amount) =>
        string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{amount:0.##} USD");

    // What is needed by something else that it needs goes without saying.
    private static IEnumerable<string> Direct(
        IReadOnlyList<ShowInfrastructureGraph.Thing> all,
        ShowInfrastructureGraph.Thing one
    )
    {
        var through = all.Where(other => one.Needs.Contains(other.Name)).SelectMany(static other => other.Needs);
        return one.Needs.Except(through, StringComparer.Ordinal);
    }

    // What is asked for first stands left: whoever is needed by nobody.
    private static Picture Drawn(ShowInfrastructureGraph.Output graph)
    {
        var column = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var one in graph.Things.Reverse())
        {
            var mine = column.GetValueOrDefault(one.Name);
            foreach (var need in one.Needs)
            {
                column[need] = Math.Min(ColumnsMax - 1, Math.Max(column.GetValueOrDefault(need), mine + 1));
            }
        }
        var shown = graph.Things.TakeLast(ThingsMax).ToList();
        var names = shown.Select(static one => one.Name).ToHashSet(StringComparer.Ordinal);
        var holding = graph.Things.Where(static one => one.HoldsData).Select(static one => one.Name).ToList();
        return new(
            $"What {graph.App} needs in {graph.Environment}",
            $"{Texts.Count(graph.Things.Count, "thing")} at {graph.Place}; {(holding.Count == 0 ? "none holds data" : $"{string.Join(", ", holding.Take(6))} {(holding.Count == 1 ? "holds" : "hold")} data")}.",
            new(
                ["Name", "What", "Holds data", "Needs"],
                [
                    .. graph.Things.Select(static one =>
                        (IReadOnlyList<string>)
                            [one.Name, one.Word, one.HoldsData ? "yes" : "", string.Join(", ", one.Needs)]
                    ),
                ]
            ),
            new Drawing.Map(
                [
                    .. shown.Select(one => new Drawing.Node(
                        one.Name,
                        one.Word,
                        column.GetValueOrDefault(one.Name),
                        IsIll: false
                    )),
                ],
                [
                    .. shown.SelectMany(one =>
                        Direct(graph.Things, one)
                            .Where(names.Contains)
                            .Select(need => new Drawing.Link(one.Name, need, 1, 0))
                    ),
                ]
            )
        );
    }
}
