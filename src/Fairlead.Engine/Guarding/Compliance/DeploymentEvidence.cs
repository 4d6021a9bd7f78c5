using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Model.Apps;

namespace Fairlead.Engine.Guarding.Compliance;

/// <summary>What deployments prove.</summary>
internal static class DeploymentEvidence
{
    private const int NamedMax = 10;
    private static readonly TimeSpan Period = TimeSpan.FromDays(90);

    public static Measured Approvals(EvidenceSnapshot snapshot)
    {
        if (snapshot.Live?.Where(release => IsProduction(release.Site)).ToList() is not { Count: > 0 } live)
        {
            return NoProduction();
        }
        string[] open =
        [
            .. live.Where(release => release.Protection is not { Approvals: > 0 })
                .Select(release => release.Site.ToString()),
        ];
        if (open.Length > 0)
        {
            return new Measured.Fails(
                $"Nobody must approve what goes to {Named(open)}.",
                "Add to the environment in fairlead.yaml: approvals: 1",
                snapshot.Now
            );
        }
        string[] alone =
        [
            .. Ended(snapshot)
                .Where(one =>
                    IsProduction(one.Site)
                    && one is { IsRollback: false, BrokenGlass: null, Phase: DeploymentPhase.Promoted }
                    && one.Approvals.All(approval => approval.By == one.RequestedBy?.Answers)
                    // Before the rule was there, nobody had to.
                    && live.Any(release => release.Site == one.Site && release.At <= one.RequestedAt)
                )
                .Select(one => $"{one} ({one.Site.Environment})"),
        ];
        return alone.Length > 0
            ? new Measured.Fails(
                $"Promoted without somebody else's approval: {Named(alone)}.",
                $"See why: fairlead explain {Ended(snapshot)[^1].Site.App}",
                snapshot.Now
            )
            : new Measured.Holds(
                $"Production environments that demand approvals: {Named([.. live.Select(release => release.Site.ToString())])}.",
                snapshot.Now
            );
    }

    public static Measured Recorded(EvidenceSnapshot snapshot)
    {
        if (Ended(snapshot) is not { Count: > 0 } ended)
        {
            return new Measured.Unknown("No deployment ended in the last 90 days.", "fairlead deploy FOLDER");
        }
        string[] nameless = [.. ended.Where(one => one.RequestedBy is null).Select(one => one.ToString())];
        return nameless.Length > 0
            ? new Measured.Fails(
                $"Nobody knows who asked for {Named(nameless)}.",
                "They were made by an earlier version; new ones are recorded.",
                snapshot.Now
            )
            : new Measured.Holds(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{ended.Count} deployments ended in the last 90 days; each says who asked for it."
                ),
                snapshot.Now
            );
    }

    public static Measured Tested(EvidenceSnapshot snapshot)
    {
        var promoted = Ended(snapshot)
            .Where(one =>
                IsProduction(one.Site)
                && one is { IsRollback: false, Phase: DeploymentPhase.Promoted, Replaces: not null }
            )
            .ToList();
        if (promoted.Count == 0)
        {
            return new Measured.Unknown(
                "No release took another one's place in production in the last 90 days.",
                "Deploy to an environment called production."
            );
        }
        string[] unjudged = [.. promoted.Where(one => one.Verdicts.Count == 0).Select(one => one.ToString())];
        return unjudged.Length > 0
            ? new Measured.Fails(
                $"Promoted without any verdict: {Named(unjudged)}.",
                "Let a gate judge: deploy: { strategy: canary, gates: [error-rate < 1%] }",
                snapshot.Now
            )
            : new Measured.Holds(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"All {promoted.Count} releases that were promoted in production in the last 90 days were judged by gates."
                ),
                snapshot.Now
            );
    }

    public static Measured Emergencies(EvidenceSnapshot snapshot)
    {
        if (snapshot.Deployments is not { Count: > 0 })
        {
            return new Measured.Unknown("There are no deployments.", "fairlead deploy FOLDER");
        }
        var broken = Ended(snapshot).Where(one => one.BrokenGlass is not null).ToList();
        string[] silent =
        [
            .. broken.Where(one => string.IsNullOrWhiteSpace(one.BrokenGlass!.Reason)).Select(one => one.ToString()),
        ];
        return silent.Length > 0
            ? new Measured.Fails(
                $"Rules were set aside without a reason: {Named(silent)}.",
                "Write down why.",
                snapshot.Now
            )
            : new Measured.Holds(
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"Rules were set aside {broken.Count} times in the last 90 days, each time with a reason."
                ),
                snapshot.Now
            );
    }

    public static Measured Rollbacks(EvidenceSnapshot snapshot)
    {
        var last = (snapshot.Deployments ?? [])
            .Where(one => one is { IsRollback: true, Phase: DeploymentPhase.Promoted, EndedAt: not null })
            .MaxBy(one => one.EndedAt);
        return last is { EndedAt: { } at }
            ? new Measured.Holds($"{last} was returned to, in {last.Site.Environment}.", at)
            : new Measured.Unknown(
                "No release was ever returned to.",
                "Try it in staging: fairlead rollback APP --env staging"
            );
    }

    internal static bool IsProduction(Site site) => site.Environment is "production" or "prod" or "live";

    internal static string Named(IReadOnlyList<string> names) =>
        names.Count <= NamedMax
            ? string.Join(", ", names)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{string.Join(", ", names.Take(NamedMax))} and {names.Count - NamedMax} more"
            );

    private static IReadOnlyList<Deployment> Ended(EvidenceSnapshot snapshot) =>
        [.. (snapshot.Deployments ?? []).Where(one => one.EndedAt > snapshot.Now - Period)];

    private static Measured.Unknown NoProduction() =>
        new(
            "Nothing is live in an environment called production, prod or live.",
            "Deploy to one: fairlead deploy FOLDER --env production"
        );
}
