using System.Globalization;
using Fairlead.Engine.Operations;
using Fairlead.Model.Telemetry;

namespace Fairlead.Faces.Cli.Showing;

/// <summary>A deployment in words.</summary>
public static class DeploymentText
{
    /// <summary>How it stands: what a person asks for when they look in on it.</summary>
    public static IEnumerable<string> Lines(DeploymentView deployment)
    {
        yield return Heading(deployment);
        foreach (var step in deployment.Steps)
        {
            yield return $"  {Mark(step.State)} {Plain.Of(step.Text)}";
        }
        if (deployment.Parts.Count > 0)
        {
            foreach (var line in Table.Lines([.. deployment.Parts.Select(Cells)]))
            {
                yield return $"  {line}";
            }
        }
        foreach (var line in deployment.Parts.Select(Mirrored).OfType<string>())
        {
            yield return $"  {line}";
        }
        foreach (var verdict in deployment.Verdicts)
        {
            yield return $"  {verdict.Gate}: {verdict.Ruling.ToString().ToLowerInvariant()}. {Plain.Of(verdict.Reason)}";
        }
        foreach (var snapshot in deployment.Snapshots ?? [])
        {
            yield return $"  {snapshot.Database} before its migrations: the snapshot {snapshot.Name}";
        }
        if (deployment.Waiting is { } waiting)
        {
            yield return $"  waits for {Plain.Of(waiting)}";
        }
    }

    /// <summary><c>shop/production release 42 (deployment 1f...): rolling-out</c>.</summary>
    public static string Heading(DeploymentView deployment) =>
        $"{deployment.App}/{deployment.Environment} release {deployment.Release} (deployment {deployment.Id}): {PhaseWord(deployment.Phase)}";

    /// <summary>How it ended, in one sentence.</summary>
    public static string Ending(DeploymentView deployment)
    {
        var name = $"{deployment.App} release {deployment.Release}";
        var back = deployment.Replaces is { } before ? $"release {before} has all traffic" : "nothing is live";
        var text = deployment.Phase switch
        {
            DeploymentPhase.Promoted => $"{name} is live in {deployment.Environment}",
            DeploymentPhase.RolledBack => $"{name} was rolled back: {back}",
            DeploymentPhase.Failed => $"{name} failed before anything was replaced",
            DeploymentPhase.Aborted => $"{name} was aborted: {back}",
            DeploymentPhase.Superseded => $"{name} was superseded by a newer deployment",
            _ => $"{name} goes on",
        };
        return deployment.EndedAt is { } ended ? $"{text}, after {Took(ended - deployment.RequestedAt)}." : $"{text}.";
    }

    /// <summary><c>4,182 requests served, 0 failed, 2 retried, 0 streams cut</c>.</summary>
    public static string Measured(TrafficCounts counts)
    {
        var failed = counts.Failed + counts.Lost;
        var whose = failed > 0 ? $" ({Count(counts.Failed)} by the app, {Count(counts.Lost)} at the edge)" : "";
        return $"{Count(counts.Requests)} requests served, {Count(failed)} failed{whose}, "
            + $"{Count(counts.Retried)} retried, {Count(counts.Cut)} streams cut";
    }

    /// <summary><c>api@42 was shown 1,204 copies: 3 failed, 12 more were dropped</c>; null where it was shown none.</summary>
    public static string? Mirrored(PartView part) =>
        part.Mirrored is { } copies
            ? $"{part.Part} was shown {Count(copies.Sent)} copies of requests: {Count(copies.Failed)} failed, "
                + $"{Count(copies.Dropped)} more were dropped"
            : null;

    /// <summary><c>rolling-out</c>, as in JSON.</summary>
    public static string PhaseWord(DeploymentPhase phase) =>
        phase switch
        {
            DeploymentPhase.AwaitingApproval => "awaiting-approval",
            DeploymentPhase.RollingOut => "rolling-out",
            DeploymentPhase.RollingBack => "rolling-back",
            DeploymentPhase.RolledBack => "rolled-back",
            _ => phase.ToString().ToLowerInvariant(),
        };

    /// <summary><c>2m 13s</c>.</summary>
    public static string Took(TimeSpan time) =>
        time switch
        {
            { TotalSeconds: < 1 } => "less than a second",
            { TotalMinutes: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalSeconds}s"),
            { TotalHours: < 1 } => string.Create(CultureInfo.InvariantCulture, $"{time.Minutes}m {time.Seconds}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{(long)time.TotalHours}h {time.Minutes}m"),
        };

    internal static string Mark(string state) =>
        state switch
        {
            "done" => "✓",
            "current" => "▸",
            "skipped" => "–",
            _ => "·",
        };

    private static IReadOnlyList<(string Name, string Value)> Cells(PartView part) =>
        [
            ("part", part.Part),
            ("share", part.Share.ToString()),
            ("ready", Ready(part)),
            ("req/s", Figure(part.RequestsPerSecond)),
            ("errors %", Figure(part.ErrorPercent)),
            ("p95 ms", Figure(part.P95Milliseconds)),
        ];

    // Such as 3/3 (2-10).
    private static string Ready(PartView part) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{part.Ready}/{part.Wanted}{(part.Range is { } range ? $" ({range})" : "")}"
        );

    internal static string Figure(double? value) => value?.ToString("0.#", CultureInfo.InvariantCulture) ?? "";

    private static string Count(long count) => count.ToString("N0", CultureInfo.InvariantCulture);
}
