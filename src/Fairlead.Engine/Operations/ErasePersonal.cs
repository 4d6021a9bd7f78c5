using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;

namespace Fairlead.Engine.Operations;

/// <summary>Erases a person, for a request under data protection law.</summary>
public static class ErasePersonal
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
            "privacy.erase",
            "Erase a person from what Fairlead holds, and say what stays and why.",
            Effect.Destroys,
            RunAsync
        )
        {
            Examples = ["fairlead privacy erase ana@example.com"],
            Needs = Need.OfAll(Permission.Govern),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var desk = new PrivacyDesk(engine, input.Subject);
        return new(desk.Pseudonym, await desk.EraseAsync(stop));
    }
}
