using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>What was found in a release's source before it was deployed. Kept as long as the release, under the same key.</summary>
/// <param name="Policy">By which it was judged, with what was waived.</param>
/// <param name="Unknown">Why not all is known; null when it is.</param>
public sealed record SourceScan(
    DateTimeOffset At,
    ScanPolicy Policy,
    IReadOnlyList<SourceFinding> Found,
    string? Unknown
)
{
    public const string Collection = "source-scans";

    private static readonly ScanKind[] OfSource =
    [
        ScanKind.Secrets,
        ScanKind.Config,
        ScanKind.Licences,
        ScanKind.Malware,
    ];

    /// <summary>What stays true of a source that does not change. Packages are not in it: what is known of them grows every day.</summary>
    public static SourceScan Of(ScanResult result, ScanPolicy policy, DateTimeOffset now)
    {
        var parts = result.Parts.Where(one => OfSource.Contains(one.Kind)).ToList();
        var verdict = ScanGate.Judge(new ScanResult(parts, result.Inventory), Strict(policy), now);
        return new(
            now,
            policy,
            [
                .. parts.Select(part => new SourceFinding(
                    part.Kind,
                    verdict.Stopping.Count(one => one.Kind == part.Kind)
                )),
            ],
            parts.SelectMany(static one => one.Unknown).FirstOrDefault()
        );
    }

    /// <summary>The same policy, but what it only tells of counts from high on: evidence is not as lenient as a gate.</summary>
    public static ScanPolicy Strict(ScanPolicy? policy)
    {
        policy ??= new ScanPolicy();
        return policy with { Fail = policy.Fail ?? Severity.High };
    }
}

/// <param name="Grave">How many of its kind were grave and not waived.</param>
public sealed record SourceFinding(ScanKind Kind, int Grave);
