using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Judging.PromQl.Testing;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Runs scripts of questions in PromQL and their answers, in the language of Prometheus' own query tests.</summary>
public static class TestQueries
{
    public sealed record Input
    {
        [Description("Scripts with 'load', 'eval' and 'clear', as Prometheus tests its queries.")]
        [Positional]
        public required IReadOnlyList<string> Files { get; init; }

        [Description("Folder that their names begin at.")]
        [Folder]
        public required string Folder { get; init; }
    }

    public sealed record Output(IReadOnlyList<Result> Files);

    /// <param name="Skipped">Those that need native histograms, which are not kept.</param>
    public sealed record Result(string File, int Passed, int Failed, int Skipped);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "test.promql",
            "Test queries by scripts of questions and answers.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead test promql queries.test"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var results = new List<Result>();
        var faults = new List<string>();
        foreach (var file in input.Files)
        {
            var answers = await RunAsync(engine, (file, TestFiles.Read(engine, input.Folder, file)), stop);
            results.Add(
                new(
                    file,
                    answers.Count(static one => one is { Fault: null, IsSkipped: false }),
                    answers.Count(static one => one.Fault is not null),
                    answers.Count(static one => one.IsSkipped)
                )
            );
            faults.AddRange(
                answers
                    .Where(static one => one.Fault is not null)
                    .Select(one => $"{file}:{one.Line}: {one.Query}: {one.Fault}")
            );
        }
        return faults.Count == 0
            ? new(results)
            : throw new ProblemException(
                new Problem(
                    "test.failed",
                    What: $"{faults.Count} of {results.Sum(static one => one.Passed + one.Failed)} questions were not answered as the scripts say.",
                    Why: faults[0],
                    Fix: "Mend the queries, or what the scripts expect of them."
                )
                {
                    Evidence = faults,
                }
            );
    }

    private static async Task<IReadOnlyList<ScriptResult>> RunAsync(
        EngineContext engine,
        (string Name, string Text) file,
        CancellationToken stop
    )
    {
        try
        {
            return await new Script(engine.World).RunAsync(file.Text, stop);
        }
        catch (FormatException caught)
        {
            throw new ProblemException(
                new Problem(
                    "test.bad-file",
                    What: $"{file.Name} cannot be read.",
                    Why: caught.Message,
                    Fix: "Mend it at that line."
                )
                {
                    Trouble = Trouble.WrongUse,
                },
                caught
            );
        }
    }
}
