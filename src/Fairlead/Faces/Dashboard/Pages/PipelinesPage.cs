using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>Runs of pipelines on the server's machine: how they went, what failed by chance, how much the caches spared.</summary>
public sealed class PipelinesPage : IPage
{
    private const int BarsMax = 40;

    public string Route => "/ui/pipelines";

    public string Section => "Pipelines";

    public Permission? OnAll => Permission.Watch;

    public static string UrlOf(string run) => $"/ui/pipelines/{Uri.EscapeDataString(run)}";

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var input = new JsonObject();
        if (place.Asked("pipeline") is { } chosen)
        {
            input["pipeline"] = chosen;
        }
        var runs = (await asking.AskAsync<ListRuns.Output>(ListRuns.Operation, input, stop)).Runs;
        var blocks = new List<Block>
        {
            new Block.Filter(Route, [new("pipeline", "Pipeline", place.Asked("pipeline"), []) { Hint = "all" }]),
        };
        if (runs.Count(static one => one.Seconds is not null) > 1)
        {
            blocks.Add(new Block.Figure(Lengths(runs), "lengths", Keys: [("plain", "went well"), ("bad", "failed")]));
        }
        blocks.Add(All(runs));
        if (Flaky(runs) is { Rows.Count: > 0 } flaky)
        {
            blocks.Add(flaky);
        }
        return new Sheet(
            "Runs that were made on this machine with the state folder of this server. The newest 50 of each pipeline are kept.",
            blocks
        ).As(AnswerOf(runs));
    }

    private static string AnswerOf(IReadOnlyList<ListRuns.Row> runs) =>
        runs.Count == 0 ? "No pipeline ran here yet"
        : runs.FirstOrDefault(static one => one.State == "running") is { } now ? $"{now.Pipeline} runs now"
        : runs[0].State == "done"
            ? $"The last run of {runs[0].Pipeline} went well, and {runs.Count(static one => one.State == "failed")} of {runs.Count} failed"
        : $"The last run of {runs[0].Pipeline} {(runs[0].State == "failed" ? "failed" : "was interrupted")}";

    private static Block.Table All(IReadOnlyList<ListRuns.Row> runs) =>
        new(
            "Runs",
            ["Run", "State", "Began", "#Took", "~#Tasks", "~Spared by caches", "~Branch", "~What failed"],
            [
                .. runs.Select(static one => new Block.Row(
                    one.Run,
                    [
                        Cell.Link($"{one.Pipeline} {one.Run[..Math.Min(8, one.Run.Length)]}", UrlOf(one.Run)),
                        Cell.State(one.State),
                        Cell.Time(one.Began),
                        one.Seconds is { } seconds ? Figures.Time(TimeSpan.FromSeconds(seconds)) : "–",
                        $"{one.Tasks}",
                        one.Tasks == 0 ? "–" : $"{one.Reused} of {one.Tasks}",
                        Cell.Code(one.Branch.Length == 0 ? null : one.Branch),
                        one.Failed.Count == 0 ? "" : string.Join(", ", one.Failed.Take(3)),
                    ]
                )),
            ]
        )
        {
            Nothing =
                "No pipeline ran here. A run needs no server, and is seen here when it uses the same state folder.",
            Command = "fairlead ci run",
        };

    private static Block.Table Flaky(IReadOnlyList<ListRuns.Row> runs) =>
        new(
            "Decided by chance: failed and went well with the same inputs",
            ["Task", "#Times", "Last"],
            [
                .. runs.SelectMany(static run => run.Flaky.Select(task => (Task: $"{run.Pipeline}: {task}", run.Began)))
                    .GroupBy(static one => one.Task, StringComparer.Ordinal)
                    .OrderByDescending(static one => one.Count())
                    .Take(50)
                    .Select(static one => new Block.Row(
                        one.Key,
                        [Cell.Code(one.Key), $"{one.Count()}", Cell.Time(one.Max(static run => run.Began))]
                    )),
            ]
        );

    private static Picture Lengths(IReadOnlyList<ListRuns.Row> runs)
    {
        var shown = runs.Where(static one => one.Seconds is not null).Take(BarsMax).Reverse().ToList();
        var middle = shown.Select(static one => one.Seconds!.Value).Order().ElementAt(shown.Count / 2);
        return new(
            "How long runs took",
            $"Half of the last {shown.Count} took at most {Figures.Time(TimeSpan.FromSeconds(middle))}; {shown.Count(static one => one.State == "failed")} failed.",
            new(
                ["Began (UTC)", "Pipeline", "Took", "State"],
                [
                    .. shown.Select(static one =>
                        (IReadOnlyList<string>)
                            [
                                $"{one.Began.UtcDateTime:MM-dd HH:mm}",
                                one.Pipeline,
                                Figures.Time(TimeSpan.FromSeconds(one.Seconds!.Value)),
                                one.State,
                            ]
                    ),
                ]
            ),
            new Drawing.Bars(
                [
                    .. shown.Select(static one => new Drawing.Bar(
                        $"{one.Began.UtcDateTime:MM-dd}",
                        Math.Round(one.Seconds!.Value, 1),
                        one.State == "failed" ? Math.Round(one.Seconds.Value, 1) : 0
                    )),
                ],
                "s"
            )
        );
    }
}
