using System.ComponentModel;
using Fairlead.Engine.Agents;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations.Agents;

/// <summary>Writes the role of the deployment specialist for the program in which an agent runs.</summary>
public static class ExportAgent
{
    public sealed record Input
    {
        [Description("claude-code, codex, cursor or agents-md.")]
        [Positional]
        public required string Target { get; init; }

        [Description("The project's folder.")]
        [Folder]
        public required string Folder { get; init; }

        [Description("Show the files; write nothing.")]
        public bool Print { get; init; }
    }

    /// <param name="Written">Whether they are on the disk now.</param>
    /// <param name="Left">Files that are there already and were left as they are; what they should have is shown.</param>
    public sealed record Output(bool Written, IReadOnlyList<RoleFile> Files, IReadOnlyList<string> Left);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "agent.export",
            "Write the deployment specialist's role for Claude Code, Codex, Cursor or AGENTS.md.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead agent export claude-code"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var files = RoleFiles.Of(input.Target);
        if (files.Count == 0)
        {
            throw new ProblemException(
                new Problem(
                    "agent.no-target",
                    What: $"The role cannot be written for '{input.Target}'.",
                    Why: $"There are: {string.Join(", ", RoleFiles.Targets)}.",
                    Fix: "Write for example: fairlead agent export claude-code"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        var tree = engine.OpenFolder(input.Folder);
        // What somebody wrote by hand is left alone.
        var left = files.Where(one => tree.FileExists(one.Path)).Select(static one => one.Path).ToList();
        if (!input.Print)
        {
            foreach (var file in files.Where(one => !left.Contains(one.Path)))
            {
                engine.WriteNewFile(Path.Combine(tree.Root, file.Path), file.Text);
            }
        }
        return Task.FromResult(new Output(!input.Print, files, left));
    }
}
