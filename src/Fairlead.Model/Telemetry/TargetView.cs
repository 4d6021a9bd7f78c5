using Fairlead.Model.Problems;

namespace Fairlead.Model.Telemetry;

/// <summary>A target and how it was the last time.</summary>
/// <param name="At">When it was asked last; null before the first time.</param>
/// <param name="Samples">Shown the last time.</param>
/// <param name="Problem">Why the last scrape failed; null when it did not.</param>
/// <param name="Refused">Samples that the store did not take, since the target is known, by reason.</param>
public sealed record TargetView(
    ScrapeTarget Target,
    DateTimeOffset? At,
    TimeSpan Took,
    int Samples,
    Problem? Problem,
    IReadOnlyDictionary<string, long> Refused
)
{
    public static TargetView Of(ScrapeTarget target) =>
        new(target, null, TimeSpan.Zero, 0, null, new Dictionary<string, long>());
}
