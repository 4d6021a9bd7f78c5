using System.ComponentModel;
using System.Globalization;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Responding.Objectives;
using Fairlead.Engine.Watching.Rules;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Turns goals of OpenSLO into rules.</summary>
public static class ImportObjectives
{
    public sealed record Input
    {
        [Description("The file, with objects of OpenSLO v1.")]
        [Positional]
        public required string File { get; init; }
    }

    /// <param name="Text">Rules as Prometheus and 'fairlead rule set' take them.</param>
    /// <param name="Notes">What did not come along, or came along otherwise.</param>
    public sealed record Output(string Text, IReadOnlyList<ObjectiveNote> Notes);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "slo.import",
            "Turn goals of OpenSLO into a file of rules, and say what did not come along.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead slo import shop.openslo.yaml"],
            Needs = Need.Anybody,
            Runs = Runs.Here,
        };

    private static Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        stop.ThrowIfCancellationRequested();
        var path = Path.GetFullPath(input.File);
        var home = engine.OpenFolder(Path.GetDirectoryName(path) ?? "/");
        var text =
            home.ReadText(Path.GetFileName(path))
            ?? throw new ProblemException(
                new Problem(
                    "slo.no-file",
                    What: $"There is no file '{input.File}' that could be read.",
                    Why: $"It was looked for in {home.Root}; files have at most 1 MiB of text.",
                    Fix: "Name a file of OpenSLO."
                )
                {
                    Trouble = Trouble.NotFound,
                }
            );
        var (objectives, notes) = OpenSloReader.Read(input.File, text);
        var (groups, left) = Rules(objectives);
        return Task.FromResult(new Output(RuleFileWriter.Write(groups), [.. notes, .. left]));
    }

    internal static (IReadOnlyList<RuleGroup> Groups, IReadOnlyList<ObjectiveNote> Left) Rules(
        IReadOnlyList<Objective> objectives
    )
    {
        var (groups, left) = (new List<RuleGroup>(), new List<ObjectiveNote>());
        foreach (var one in objectives.DistinctBy(static one => one.Name))
        {
            try
            {
                groups.Add(ObjectiveRules.Of(one));
                left.AddRange(
                    ObjectiveRules
                        .NeverOf(one)
                        .Select(factor => new ObjectiveNote(
                            $"SLO {one.Name}",
                            string.Create(CultureInfo.InvariantCulture, $"Its alert at {factor} times was left out."),
                            "So many times its budget is more than all that can go wrong."
                        ))
                );
            }
            catch (ProblemException caught)
            {
                left.Add(new($"SLO {one.Name}", "It was left out.", $"{caught.Problem.What} {caught.Problem.Why}"));
            }
        }
        return (groups, left);
    }
}
