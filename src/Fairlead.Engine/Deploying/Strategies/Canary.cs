using System.ComponentModel;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Strategies;

/// <summary>Gives the new part a growing share of traffic and goes on only while the gates hold.</summary>
public sealed record Canary : IStrategy
{
    public static string Kind => "canary";

    [Description("Rising shares of traffic for the new release; the last step to 100% follows by itself.")]
    public IReadOnlyList<Share> Shares { get; init; } = [5.Percent, 25.Percent, 50.Percent];

    [Description("How long each share is watched.")]
    public TimeSpan Hold { get; init; } = 1.Minutes;

    [Description(
        "Limits that must hold besides, such as 'error-rate < 1%' or 'p95 < 300ms', { command: ./check.sh }, { check: contract } or { query: ..., below: 5 }."
    )]
    public IReadOnlyList<Gate>? Gates { get; init; }

    [Description(
        "How the new release is compared with the live one while both take traffic; off to go by gates alone, which are then 'error-rate < 1%' where none are said."
    )]
    public JudgeRules Judge { get; init; } = new();

    [Description("What to do when too few requests came to judge: proceed, wait or rollback.")]
    public Quiet Quiet { get; init; } = Quiet.Proceed;

    public IEnumerable<Step> Plan(Replacement replacement)
    {
        var next = replacement.New;
        yield return new Step.Place(next, replacement.Replicas);
        if (replacement is { TakesTraffic: true, Old: not null })
        {
            foreach (var share in Shares)
            {
                yield return new Step.Shift(next, share);
                yield return new Step.Watch(next, Watched.Both(Judge, Gates), Hold, Quiet);
            }
        }
        if (replacement.TakesTraffic)
        {
            yield return new Step.Shift(next, Share.All);
        }
    }

    public IEnumerable<(string Property, string Why, string Fix)> Check()
    {
        var rising = Shares.Zip(Shares.Skip(1), (before, after) => before < after).All(isRising => isRising);
        if (!rising || Shares.Any(share => share == Share.None || share == Share.All))
        {
            yield return (
                "shares",
                $"Shares must rise and lie between 1% and 99%; these are {string.Join(", ", Shares)}.",
                "Write for example: shares: [5%, 25%, 50%]"
            );
        }
        foreach (var finding in Watched.Check(Judge))
        {
            yield return finding;
        }
    }
}
