using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Watching.Errors;

namespace Fairlead.Engine.Operations;

/// <summary>Says that an error is fixed; it comes back by itself when it is seen again.</summary>
public static class ResolveError
{
    public sealed record Input
    {
        [Description("The error's id, as 'fairlead error list' shows it.")]
        [Positional]
        public required string Id { get; init; }

        [Description("Fixed from this release on: events of earlier ones do not bring it back. At once when left out.")]
        [Names("release")]
        public int? Release { get; init; }
    }

    public static Operation Operation { get; } =
        new Operation<Input, ListErrors.View>(
            "error.resolve",
            "Say that an error is fixed; it comes back when it is seen again.",
            Effect.Changes,
            (input, engine, stop) =>
                ErrorGroups.ChangeAsync(
                    engine,
                    input.Id,
                    group => GroupLife.Resolve(group, input.Release, engine.World.Now),
                    stop
                )
        )
        {
            Examples = ["fairlead error resolve 9f3c0a51d2e7 --release 43"],
            Needs = Need.Of(Permission.Develop),
        };
}
