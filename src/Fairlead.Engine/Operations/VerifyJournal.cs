using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Recomputes the journal's hash chain: nothing was changed, removed or slipped in.</summary>
public static class VerifyJournal
{
    public sealed record Input;

    /// <param name="Entries">How many entries the chain holds.</param>
    public sealed record Output(long Entries, [property: Description("The hash of the last entry.")] string Head);

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "journal.verify",
            "Prove that the journal of all decisions is unchanged.",
            Effect.Reads,
            RunAsync
        )
        {
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        if (await engine.Server.Store.FindBreakAsync(stop) is { } broken)
        {
            throw new ProblemException(
                new Problem(
                    "journal.broken",
                    What: $"The journal was changed at entry {broken}.",
                    Why: "Its hash does not follow from the entry before.",
                    Fix: "Compare it with a backup; find out who can write to the state directory."
                )
            );
        }
        long count = 0;
        var head = "";
        while (await engine.Server.Store.ReadJournalAsync(count, null, 10_000, stop) is { Count: > 0 } page)
        {
            count = page[^1].Sequence;
            head = page[^1].Hash;
        }
        return new(count, head);
    }
}
