using System.ComponentModel;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Strategies;

/// <summary>Replaces replicas a few at a time; traffic follows the replicas.</summary>
public sealed record Rolling : IStrategy
{
    public static string Kind => "rolling";

    [Description("How many replicas more than wanted may run at once.")]
    public int MaxSurge { get; init; } = 1;

    [Description("How many replicas fewer than wanted may run at once.")]
    public int MaxUnavailable { get; init; }

    [Description("How long the gates are watched after each batch.")]
    public TimeSpan Hold { get; init; } = TimeSpan.Zero;

    [Description("Checks that must hold after each batch, such as 'error-rate < 1%'.")]
    public IReadOnlyList<Gate>? Gates { get; init; }

    [Description(
        "How the new release is compared with the live one while both take traffic; off to go by gates alone, which are then 'error-rate < 1%' where none are said."
    )]
    public JudgeRules Judge { get; init; } = new();

    [Description("What to do when too few requests came to judge: proceed, wait or rollback.")]
    public Quiet Quiet { get; init; } = Quiet.Proceed;

    public IEnumerable<Step> Plan(Replacement replacement)
    {
        var (old, next, wanted) = (replacement.OldReplicas, 0, replacement.Replicas);
        var total = Math.Max(wanted, old);
        while (next < wanted || old > 0)
        {
            var leastOld = Math.Max(0, Math.Max(wanted - MaxUnavailable, 1) - next);
            if (MaxUnavailable > 0 && replacement.Old is { } giving && old > leastOld)
            {
                old = Math.Max(leastOld, old - MaxUnavailable);
                yield return new Step.Retire(giving, old);
            }
            var batch = Math.Clamp(total + MaxSurge - old - next, 0, wanted - next);
            if (batch > 0)
            {
                next += batch;
                yield return new Step.Place(replacement.New, next);
            }
            if (replacement.TakesTraffic && batch > 0)
            {
                var share = next == wanted ? Share.All : (next * 100 / wanted).Percent;
                yield return new Step.Shift(replacement.New, share);
                if (Hold > TimeSpan.Zero && replacement.Old is not null)
                {
                    // With all traffic on the new part there is nobody left to compare with.
                    var gates = share == Share.All ? Gates ?? Watched.Customary : Watched.Both(Judge, Gates);
                    yield return new Step.Watch(replacement.New, gates, Hold, Quiet);
                }
            }
            var keepOld = Math.Max(0, wanted - next);
            if (replacement.Old is { } gone && old > keepOld)
            {
                old = keepOld;
                yield return new Step.Retire(gone, old);
            }
        }
    }

    public IEnumerable<(string Property, string Why, string Fix)> Check()
    {
        if (MaxSurge < 0 || MaxUnavailable < 0 || MaxSurge + MaxUnavailable == 0)
        {
            yield return (
                "maxSurge",
                $"maxSurge {MaxSurge} and maxUnavailable {MaxUnavailable} leave no replica that could be replaced.",
                "Write for example: maxSurge: 1"
            );
        }
        foreach (var finding in Watched.Check(Judge))
        {
            yield return finding;
        }
    }
}
