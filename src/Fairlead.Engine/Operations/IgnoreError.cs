using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Errors;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Operations;

/// <summary>Lets an error be: it fails no gate, until it was seen too often or a time has passed.</summary>
public static class IgnoreError
{
    public sealed record Input
    {
        [Description("The error's id, as 'fairlead error list' shows it.")]
        [Positional]
        public required string Id { get; init; }

        [Description("Until it was seen so many times more.")]
        public int? Count { get; init; }

        [Description("For so long, such as 8h or 7d; for ever when neither this nor a count is given.")]
        public string? For { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, ListErrors.View>(
            "error.ignore",
            "Let an error be, for a time or until it was seen too often.",
            Effect.Changes,
            RunAsync
        )
        {
            Examples = ["fairlead error ignore 9f3c0a51d2e7 --for 7d"],
            Needs = Need.Of(Permission.Develop),
        };

    private static Task<ListErrors.View> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var time = input.For is { } text ? Units.TryParseDuration(text) : null;
        if ((input.For is not null && !(time > TimeSpan.Zero)) || input.Count <= 0)
        {
            throw new ProblemException(
                new Problem(
                    "error.ignore-until",
                    What: "It cannot be told until when the error is to be ignored.",
                    Why: "It takes a time such as 8h or 7d, at most 365d, or a count of 1 or more.",
                    Fix: $"Write for example: fairlead error ignore {input.Id} --for 7d"
                )
                {
                    Trouble = Trouble.WrongUse,
                }
            );
        }
        return ErrorGroups.ChangeAsync(
            engine,
            input.Id,
            group => GroupLife.Ignore(group, input.Count, engine.World.Now + time),
            stop
        );
    }
}
