using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Errors;

namespace Fairlead.Engine.Operations;

/// <summary>Takes back that an error is resolved or ignored.</summary>
public static class ReopenError
{
    public sealed record Input
    {
        [Description("The error's id, as 'fairlead error list' shows it.")]
        [Positional]
        public required string Id { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, ListErrors.View>(
            "error.reopen",
            "Take back that an error is resolved or ignored.",
            Effect.Changes,
            (input, engine, stop) => ErrorGroups.ChangeAsync(engine, input.Id, GroupLife.Reopen, stop)
        )
        {
            Examples = ["fairlead error reopen 9f3c0a51d2e7"],
            Needs = Need.Of(Permission.Develop),
        };
}
