using Fairlead.Drivers.Pipelines;
using Fairlead.Drivers.State;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Demo;

/// <summary>Runs of a demo's pipeline, written as a run writes itself.</summary>
internal static class DemoRuns
{
    private const int Runs = 22;

    private static readonly (string Job, string Task, double Seconds, string[] Needs)[] Tasks =
    [
        ("restore", "restore", 9, []),
        ("lint", "lint", 14, ["restore"]),
        ("build", "build", 41, ["restore"]),
        ("test (shard: 1)", "unit", 63, ["build"]),
        ("test (shard: 2)", "unit", 58, ["build"]),
        ("contract", "openapi", 7, ["build"]),
        ("image", "pack", 19, ["build"]),
        ("e2e", "browser", 74, ["image", "contract"]),
        ("publish", "push", 6, ["e2e", "test (shard: 1)", "test (shard: 2)", "lint"]),
    ];

    public static async Task WriteAsync(
        StateFolder state,
        (DateTimeOffset Now, Random Random) at,
        CancellationToken stop
    )
    {
        var clock = new PastClock(at.Now.AddDays(-12));
        var folder = Path.Combine(state.Demo, "apps", "storefront");
        Directory.CreateDirectory(folder);
        var shelf = new LocalPipelines(state, folder, new World(clock, at.Random)).Shelf;
        for (var index = 0; index < Runs; index++)
        {
            var began = at.Now.AddHours(-12 * (Runs - index)).AddMinutes(at.Random.Next(-200, 200));
            clock.To(began);
            var run = new RunRecord(
                at.Random.NextInt64().ToString("x16"),
                "storefront",
                began,
                index % 4 == 1 ? "cart-redesign" : "main",
                $"{index}"
            )
            {
                Needs = Tasks
                    .Where(static one => one.Needs.Length > 0)
                    .ToDictionary(static one => one.Job, static one => (IReadOnlyList<string>)one.Needs),
            };
            shelf.Begin(run);
            var took = await TasksAsync(shelf, run, (index, at.Random), stop);
            shelf.Close(run, took);
        }
    }

    private static async Task<TimeSpan> TasksAsync(
        IRunShelf shelf,
        RunRecord run,
        (int Index, Random Random) of,
        CancellationToken stop
    )
    {
        var ends = new Dictionary<string, double>(StringComparer.Ordinal);
        var (last, failed) = (
            0.0,
            of.Index is 6 or 15 ? "e2e"
            : of.Index == 11 ? "test (shard: 2)"
            : ""
        );
        var isBroken = false;
        foreach (var (job, task, seconds, needs) in Tasks)
        {
            var from = needs.Select(need => ends.GetValueOrDefault(need)).DefaultIfEmpty(0).Max() + 0.2;
            var isReused = of.Index % 3 != 0 && job is "restore" or "lint" && of.Index % 4 != 0;
            var length = isReused ? 0.4 : seconds * (0.85 + 0.3 * of.Random.NextDouble());
            var outcome =
                isBroken && needs.Any(need => !ends.ContainsKey(need)) ? TaskOutcome.Skipped
                : job == failed ? TaskOutcome.Failed
                : isReused ? TaskOutcome.Restored
                : TaskOutcome.Ran;
            isBroken |= outcome == TaskOutcome.Failed;
            if (outcome is not (TaskOutcome.Failed or TaskOutcome.Skipped))
            {
                ends[job] = from + length;
            }
            length = outcome == TaskOutcome.Skipped ? 0 : length;
            last = Math.Max(last, from + length);
            shelf.Start(run, job, task);
            await File.WriteAllLinesAsync(shelf.LogOf(run, job, task), LinesOf(job, task, outcome), stop);
            shelf.End(
                run,
                new(job, task, outcome, TimeSpan.FromSeconds(from), TimeSpan.FromSeconds(length), WhyOf(outcome))
                {
                    ExitCode = outcome == TaskOutcome.Failed ? 1 : 0,
                    Attempts = job == "e2e" && of.Index % 7 == 4 ? 2 : 1,
                    IsFlaky = job == "e2e" && of.Index % 7 == 4,
                    Key = $"{of.Index:x8}",
                }
            );
        }
        return TimeSpan.FromSeconds(last + 0.3);
    }

    private static string WhyOf(TaskOutcome outcome) =>
        outcome switch
        {
            TaskOutcome.Restored => "the same inputs were done before",
            TaskOutcome.Failed => "exit code 1",
            TaskOutcome.Skipped => "what it needs failed",
            _ => "its inputs changed",
        };

    private static string[] LinesOf(string job, string task, TaskOutcome outcome) =>
        outcome switch
        {
            TaskOutcome.Restored => [$"{task}: restored from the cache"],
            TaskOutcome.Skipped => [],
            TaskOutcome.Failed =>
            [
                $"{job}: 141 checks",
                "  ok      cart keeps its items when the page is loaded again",
                "  FAILED  checkout shows the total with shipping",
                "    expected: 41.90",
                "    actual:   36.90",
                "    at checkout.spec.ts:88:21",
                "140 passed, 1 failed",
            ],
            _ => [$"{job}: begins", $"{task}: 0 warnings, 0 errors", $"{job}: done"],
        };
}
