using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Says who looks after an error.</summary>
public static class AssignError
{
    private const int NameLettersMax = 100;

    public sealed record Input
    {
        [Description("The error's id, as 'fairlead error list' shows it.")]
        [Positional]
        public required string Id { get; init; }

        [Description("Who looks after it; nobody when left out.")]
        public string? To { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, ListErrors.View>("error.assign", "Say who looks after an error.", Effect.Changes, RunAsync)
        {
            Examples = ["fairlead error assign 9f3c0a51d2e7 --to ana"],
            Needs = Need.Of(Permission.Develop),
            Agents = AgentUse.Freely,
        };

    private static Task<ListErrors.View> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var name = input.To?.Trim();
        if (name is { Length: 0 or > NameLettersMax } || name?.Any(char.IsControl) == true)
        {
            throw new ProblemException(
                new Problem(
                    "error.assignee",
                    What: "Nobody can have this name.",
                    Why: $"A name has 1 to {NameLettersMax} letters on one line.",
                    Fix: $"Write for example: fairlead error assign {input.Id} --to ann"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        return ErrorGroups.ChangeAsync(engine, input.Id, group => group with { Assignee = name }, stop);
    }
}
