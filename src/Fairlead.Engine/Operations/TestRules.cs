using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Tests recording and alerting rules as promtool does.</summary>
public static class TestRules
{
    public sealed record Input
    {
        [Description("Files with tests of rules, as 'promtool test rules' takes them.")]
        [Positional]
        public required IReadOnlyList<string> Files { get; init; }

        [Description("Folder that their names begin at.")]
        [Folder]
        public required string Folder { get; init; }
    }

    public sealed record Output(IReadOnlyList<Result> Files);

    /// <param name="Outcome">SUCCESS.</param>
    public sealed record Result(string File, string Outcome);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "test.rules",
            "Test recording and alerting rules, as promtool does.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead test rules databases.test.yaml"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var failed = new List<string>();
        var results = new List<Result>();
        var count = 0;
        foreach (var file in input.Files)
        {
            var text = TestFiles.Read(engine, input.Folder, file);
            var folder = TestFiles.FolderOf(input.Folder, file);
            var tests = new RuleTests(engine.World, pattern => TestFiles.Find(engine, folder, pattern));
            var faults = await tests.RunAsync(file, text, stop);
            results.Add(new(file, faults.Count == 0 ? "SUCCESS" : "FAILED"));
            count += faults.Count;
            failed.AddRange(
                faults.Count == 0
                    ? []
                    :
                    [
                        $"Unit Testing:  {file}",
                        "  FAILED:",
                        .. faults.SelectMany(static one => (string[])[.. one.Split('\n'), ""]),
                    ]
            );
        }
        return count == 0 ? new(results) : throw Failed(results, count, failed);
    }

    private static ProblemException Failed(IReadOnlyList<Result> results, int count, IReadOnlyList<string> lines) =>
        new(
            new Problem(
                "test.failed",
                What: $"Tests of rules failed in {string.Join(", ", results.Where(static one => one.Outcome == "FAILED").Select(static one => one.File))}.",
                Why: count == 1 ? "One expectation was not met." : $"{count} expectations were not met.",
                Fix: "Mend the rules, or what the tests expect of them."
            )
            {
                Evidence = lines,
            }
        );
}
