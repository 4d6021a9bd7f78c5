using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Engine.Guarding.Audit;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Operations;

/// <summary>Proves that the journal is as it was written: its chain, and all that was signed of it.</summary>
public static class VerifyAudit
{
    public sealed record Input;

    /// <param name="Entries">How many entries the journal has now.</param>
    /// <param name="Covered">Up to which of them it is signed.</param>
    /// <param name="Heads">How many signatures were compared.</param>
    public sealed record Output(
        long Entries,
        [property: Description("The hash of the last entry.")] string Head,
        long Covered,
        int Heads
    )
    {
        /// <summary>What was removed of it, each time with proof.</summary>
        public IReadOnlyList<RemovedLines> Removed { get; init; } = [];
    }

    /// <param name="Chain">The hash of the last of them: what the export of them ends with.</param>
    public sealed record RemovedLines(
        long First,
        long Last,
        string Oldest,
        string Newest,
        DateTimeOffset At,
        string By,
        string Policy,
        string Chain
    );

    public static Operation Operation { get; } =
        new Operation<Input, Output>(
            "audit.verify",
            "Prove that the journal of all decisions is unchanged.",
            Effect.Reads,
            RunAsync
        )
        {
            Examples = ["fairlead audit verify"],
            Needs = Need.OfAll(Permission.Audit),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var broken = await engine.Server.Store.FindBreakAsync(stop);
        var check = await engine.Server.Audit.CheckAsync(stop);
        if (check.Break is { } found)
        {
            throw new ProblemException(HeadKeeper.Broken(found));
        }
        return broken is { } line
            ? throw new ProblemException(
                HeadKeeper.Broken(
                    new(line, "The newest line is not the one that was written last: its end was cut off.")
                )
            )
            : new(check.Lines - check.Removed, check.Chain, check.Covered, check.Proven)
            {
                Removed = [.. (await engine.Server.Audit.RemovalsAsync(stop)).Select(Of)],
            };
    }

    private static RemovedLines Of(Removal one) =>
        new(one.First, one.Last(), one.Oldest, one.Newest, one.At, one.By, one.Policy, one.Head.Chain);
}
