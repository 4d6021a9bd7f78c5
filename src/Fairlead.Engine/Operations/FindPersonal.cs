using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Finds what is held of a person. Changes nothing.</summary>
public static class FindPersonal
{
    public sealed record Input
    {
        [Description("The id or address by which the person is known.")]
        [Positional]
        public required string Subject { get; init; }
    }

    /// <param name="Pseudonym">What the person is called in the journal.</param>
    public sealed record Output(string Pseudonym, IReadOnlyList<Holding> Held);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "privacy.find",
            "Count what is held of a person, and say what an erasure would do.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead privacy find ana@example.com"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var desk = new PrivacyDesk(engine, input.Subject);
        return new(desk.Pseudonym, await desk.FindAsync(stop));
    }
}
