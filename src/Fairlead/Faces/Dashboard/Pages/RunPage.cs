using System.Text.Json.Nodes;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Operations;
using Fairlead.Faces.Dashboard.Charts;

namespace Fairlead.Faces.Dashboard.Pages;

/// <summary>One run of a pipeline: its tasks in time with the chain that made it as long as it was, and what a task wrote.</summary>
public sealed class RunPage : IPage
{
    private const int SpansMax = 60;

    public string Route => "/ui/pipelines/{run}";

    public string Section => "Pipelines";

    public Permission? OnAll => Permission.Watch;

    public async Task<Seen> ReadAsync(Asking asking, Place place, CancellationToken stop)
    {
        var input = new JsonObject { ["run"] = place["run"] };
        if (place.Asked("task") is { } chosen)
        {
            input["task"] = chosen;
        }
        var found = await asking.AskAsync<ShowRun.Output>(ShowRun.Operation, input, stop);
        var run = found.Run;
        var blocks = new List<Block>();
        if (found.Tasks.Any(static one => one.Seconds > 0))
        {
            blocks.Add(
                new Block.Figure(
                    Drawn(found.Tasks),
                    "waterfall",
                    Keys: [("good", "done"), ("bad", "failed"), ("edge", "of the chain that took longest")]
                )
            );
        }
        blocks.Add(Tasks(place, found));
        if (found.Task is { } task)
        {
            blocks.Add(
                new Block.Text(
                    $"What {task} wrote last",
                    found.Lines.Count == 0 ? "Nothing." : string.Join('\n', found.Lines)
                )
            );
        }
        return new Sheet(LeadOf(run), blocks).As(AnswerOf(run)) with
        {
            Crumbs = [("Pipelines", "/ui/pipelines"), (run.Pipeline, null), (run.Run, null)],
        };
    }

    private static string LeadOf(ListRuns.Row run) =>
        $"{(run.Folder.Length == 0 ? "" : $"In {run.Folder}. ")}{(run.Branch.Length == 0 ? "" : $"Branch {run.Branch}. ")}"
        + (
            run.Tasks == 0
                ? "Nothing of it has ended yet."
                : $"Caches spared {run.Reused} of {Texts.Count(run.Tasks, "task")}."
        );

    private static string AnswerOf(ListRuns.Row run) =>
        run.State switch
        {
            "done" => $"{run.Pipeline} went well in {Took(run)}",
            "failed" when run.Failed is [var only] => $"{run.Pipeline} failed at {only}, after {Took(run)}",
            "failed" => $"{run.Pipeline} failed after {Took(run)}: {Texts.Count(run.Failed.Count, "task")}",
            "running" => $"{run.Pipeline} runs",
            _ => $"{run.Pipeline} was interrupted",
        };

    private static string Took(ListRuns.Row run) => SpansPicture.TimeOf(run.Seconds ?? 0);

    private static Picture Drawn(IReadOnlyList<ShowRun.TaskView> tasks)
    {
        var shown = tasks.Where(static one => one.Seconds > 0).OrderBy(static one => one.From).Take(SpansMax).ToList();
        var chain = shown.Where(static one => one.IsCritical).ToList();
        return new(
            "What ran when",
            $"The longest chain is {string.Join(", then ", chain.Select(static one => one.Job).Distinct().Take(8))}: {SpansPicture.TimeOf(chain.Sum(static one => one.Seconds))} of work; only what is in it makes the run quicker.",
            new(
                ["Task", "Began after", "Took", "Outcome", "In the longest chain"],
                [
                    .. shown.Select(static one =>
                        (IReadOnlyList<string>)
                            [
                                NameOf(one),
                                SpansPicture.TimeOf(one.From),
                                SpansPicture.TimeOf(one.Seconds),
                                one.Outcome,
                                one.IsCritical ? "yes" : "",
                            ]
                    ),
                ]
            ),
            new Drawing.Spans([
                .. shown.Select(static one => new Drawing.Span(
                    NameOf(one),
                    one.From,
                    one.Seconds,
                    ToneOf(one.Outcome),
                    one.IsCritical,
                    one.Outcome
                )),
            ])
        );
    }

    private static string NameOf(ShowRun.TaskView one) => one.Job == one.Task ? one.Job : $"{one.Job} / {one.Task}";

    private static string ToneOf(string outcome) =>
        outcome switch
        {
            "done" => "good",
            "failed" or "timed out" => "bad",
            "quarantined" => "warn",
            _ => "mute",
        };

    private static Block.Table Tasks(Place place, ShowRun.Output found) =>
        new(
            "Tasks",
            ["Task", "Outcome", "#Took", "~#Tries", "~Because"],
            [
                .. found.Tasks.Select(one => new Block.Row(
                    $"{one.Job}/{one.Task}",
                    [
                        Cell.Link(NameOf(one), place.With("task", $"{one.Job}/{one.Task}")),
                        new Cell(one.IsFlaky ? $"{States.Said(one.Outcome)}, by chance" : States.Said(one.Outcome))
                        {
                            Tone = one.IsFlaky ? "warn" : ToneOf(one.Outcome),
                        },
                        SpansPicture.TimeOf(one.Seconds),
                        one.Attempts > 1 ? $"{one.Attempts}" : "",
                        one.Why,
                    ]
                )),
            ]
        )
        {
            Nothing = "Nothing has ended yet.",
        };
}
