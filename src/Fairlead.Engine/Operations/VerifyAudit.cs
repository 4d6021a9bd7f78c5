using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Audit;
using Fairlead.Model.Problems;

namespace Fairlead.Engine.Operations;

/// <summary>Proves that the journal is as it was written: its chain, and all that was signed of it.</summary>
public static class VerifyAudit
{
    public sealed record Input;

    /// <param name="Entries">How many entries the journal has.</param>
    /// <param name="Covered">Up to which of them it is signed.</param>
    /// <param name="Heads">How many signatures were compared.</param>
    public sealed record Output(
        long Entries,
        [property: Description("The hash of the last entry.")] string Head,
        long Covered,
        int Heads
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "audit.verify",
            "Prove that the journal of all decisions is unchanged.",
            Effect.Reads,
            RunAsync
        )
        {
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var broken = await engine.Server.Store.FindBreakAsync(stop);
        var check = await engine.Server.Audit.CheckAsync(stop);
        if (check.Break is { } found)
        {
            throw new ProblemException(Broken(found));
        }
        return broken is { } line
            ? throw new ProblemException(
                Broken(new(line, "The newest line is not the one that was written last: its end was cut off."))
            )
            : new(check.Lines, check.Chain, check.Covered, check.Proven);
    }

    internal static Problem Broken(JournalBreak found) =>
        new(
            "journal.broken",
            What: $"The journal was changed at entry {found.Line}.",
            Why: found.Why,
            Fix: "Compare it with a backup; find out who can write to the state directory."
        );
}
