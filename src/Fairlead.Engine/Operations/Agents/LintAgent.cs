using System.ComponentModel;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Checks a file that describes an agent, whose misspelled keys its program would ignore.</summary>
public static class LintAgent
{
    public sealed record Input
    {
        [Description("The file, below the folder.")]
        [Positional]
        public required string File { get; init; }

        [Description("The project's folder.")]
        [Folder]
        public required string Folder { get; init; }
    }

    public sealed record Output(string File, IReadOnlyList<Problem> Problems);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "agent.lint",
            "Check a file that describes an agent: an unknown key is an error.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead agent lint .claude/agents/deployment-specialist.md"],
            FailsByProblems = true,
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var text =
            engine.OpenFolder(input.Folder).ReadText(input.File)
            ?? throw new ProblemException(
                new Problem(
                    "agent.no-file",
                    What: $"There is no file {input.File}.",
                    Why: "It is not below the folder, or larger than 1 MiB, or no text.",
                    Fix: "Name it from the project's folder: fairlead agent lint .claude/agents/deployment-specialist.md"
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        return Task.FromResult(new Output(input.File, RoleFileCheck.Check(input.File, text)));
    }
}
