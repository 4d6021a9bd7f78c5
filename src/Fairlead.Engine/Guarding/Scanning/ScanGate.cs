using Fairlead.Model.Problems;
using Fairlead.Model.Security.Scanning;

namespace Fairlead.Engine.Guarding.Scanning;

/// <summary>Rules whether what was found lets a release pass. Pure: the same findings, policy and day give the same verdict.</summary>
public static class ScanGate
{
    public static ScanVerdict Judge(ScanResult result, ScanPolicy policy, DateTimeOffset now)
    {
        var today = DateOnly.FromDateTime(now.UtcDateTime);
        var waived = new List<(Finding, Waiver)>();
        var open = new List<Finding>();
        foreach (var finding in result.Findings)
        {
            if (policy.Waivers.FirstOrDefault(one => one.Until >= today && IsFor(one, finding)) is { } waiver)
            {
                waived.Add((finding, waiver));
            }
            else
            {
                open.Add(finding);
            }
        }
        List<Finding> expired = [.. policy.Waivers.Where(one => one.Until < today).Select(Expired)];
        open.AddRange(expired);
        var stopping = open.Where(one => Stops(one, policy, now)).ToList();
        List<string> unknown = [.. result.Unknown.Distinct()];
        var status =
            stopping.Count > 0 ? Verdict.Failed
            : unknown.Count == 0 ? Verdict.Passed
            : policy.FailUnknown && policy.Fail is not null ? Verdict.Failed
            : Verdict.Unknown;
        return new(status, DependencyScan.Ordered(open), stopping, waived, unknown);
    }

    /// <summary>What to say when it does not pass; the first of it names the whole.</summary>
    public static IReadOnlyList<Problem> Problems(ScanVerdict verdict, ScanPolicy policy, string what)
    {
        const int ShownMax = 20;
        if (verdict.Stopping.Count == 0)
        {
            return
            [
                new(
                    "scan.unknown",
                    What: $"{what} may not be deployed: what is in it is not all known.",
                    Why: verdict.Unknown[0],
                    Fix: "Bring what is missing, or say 'unknown: allow' under security in fairlead.yaml."
                )
                {
                    Evidence = [.. verdict.Unknown.Skip(1).Take(ShownMax)],
                },
            ];
        }
        return
        [
            new(
                "scan.failed",
                What: $"{what} may not be deployed: {Count(verdict.Stopping.Count)} at or above {Word(policy.Fail)}.",
                Why: $"{verdict.Stopping[0].Where}: {verdict.Stopping[0].What}",
                Fix: verdict.Stopping[0].Fix
            )
            {
                Evidence =
                [
                    .. verdict
                        .Stopping.Take(ShownMax)
                        .Select(static one => $"{Word(one.Severity)} {one.Rule} {one.Where}: {one.What} {one.Fix}"),
                    .. verdict.Stopping.Count > ShownMax
                        ? [$"... and {verdict.Stopping.Count - ShownMax} more: fairlead scan"]
                        : Array.Empty<string>(),
                ],
            },
        ];
    }

    /// <summary>One line for people and the journal.</summary>
    public static string Summary(ScanVerdict verdict) =>
        $"security {verdict.Status.ToString().ToLowerInvariant()}: {Count(verdict.Open.Count)}, {verdict.Stopping.Count} of them too bad, {verdict.Waived.Count} waived, {verdict.Unknown.Count} things unknown";

    private static bool Stops(Finding finding, ScanPolicy policy, DateTimeOffset now) =>
        policy.Fail is { } fail
        && finding.Severity >= fail
        && !(finding is { IsMalicious: false, Published: { } published } && now - published < policy.Grace)
        && !(policy.FixedOnly && finding is { Kind: ScanKind.Dependencies, FixedIn: null, Component: not null });

    private static bool IsFor(Waiver waiver, Finding finding) =>
        finding.IsCalled(waiver.Id)
        && (
            waiver.Where is not { } where
            || finding.Where.Split(':')[0] == where
            || finding.Where.StartsWith(where.TrimEnd('/') + "/", StringComparison.Ordinal)
        );

    private static Finding Expired(Waiver waiver) =>
        new(
            ScanKind.Config,
            "waiver-expired",
            Severity.High,
            "fairlead.yaml",
            $"The waiver of {waiver.Id} ended on {waiver.Until:yyyy-MM-dd}.",
            $"It was given because: {waiver.Reason}",
            "Mend what it is about and remove the waiver, or decide again and give it a new day."
        );

    private static string Count(int count) => count == 1 ? "1 finding" : $"{count} findings";

    private static string Word(Severity? severity) => severity?.ToString().ToLowerInvariant() ?? "none";
}

/// <summary>Whether a release passes.</summary>
public enum Verdict
{
    Passed,

    /// <summary>Nothing stops it, but not all is known.</summary>
    Unknown,
    Failed,
}

/// <param name="Open">Everything that was found and not waived.</param>
/// <param name="Stopping">Those of them that stop a deployment.</param>
/// <param name="Unknown">What could not be looked at, each a sentence.</param>
public sealed record ScanVerdict(
    Verdict Status,
    IReadOnlyList<Finding> Open,
    IReadOnlyList<Finding> Stopping,
    IReadOnlyList<(Finding Finding, Waiver Waiver)> Waived,
    IReadOnlyList<string> Unknown
);
