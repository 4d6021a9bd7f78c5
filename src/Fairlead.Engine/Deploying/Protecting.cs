using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying;

/// <summary>
/// Whether a deployment may go on. Two sets of rules hold: those of the release that comes, and those that stood before the one that is
/// live. So nobody can take the rules away in the very change that they are meant to catch.
/// </summary>
public static class Protecting
{
    /// <summary>What is missing, in words; null when nothing is.</summary>
    public static string? MissingOf(Situation now)
    {
        var deployment = now.Deployment!;
        if (IsReturn(now) || deployment.BrokenGlass is not null)
        {
            return null;
        }
        var plan = PlanDigest.Of(now.Live, now.Next!);
        var missing = RulesOf(now)
            .Select(rule => (Rule: rule, Left: rule.Approvals - Counted(deployment, rule, plan, now.Now)))
            .Where(one => one.Left > 0)
            .OrderByDescending(one => one.Left)
            .FirstOrDefault();
        return missing.Left > 0
            ? $"{missing.Left} approval{(missing.Left == 1 ? "" : "s")}"
                + (missing.Rule.From.Count == 0 ? "" : $" from {string.Join(" or ", missing.Rule.From)}")
            : null;
    }

    /// <summary>The freeze that holds now; null when none does, or it is set aside.</summary>
    public static FreezeWindow? FreezeOf(Situation now) =>
        !IsReturn(now) && now.Deployment!.BrokenGlass is null
            ? RulesOf(now).Select(rule => rule.FreezeAt(now.Now)).FirstOrDefault(freeze => freeze is not null)
            : null;

    /// <summary>How long the deployment waits for approvals.</summary>
    public static TimeSpan WaitOf(Situation now) =>
        RulesOf(now).Where(rule => rule.Approvals > 0).Select(rule => rule.Wait).DefaultIfEmpty(TimeSpan.Zero).Min();

    /// <summary>Whether a yes can count at all: it is of another than who asked, and of nobody who said so already.</summary>
    public static bool MayCount(Deployment deployment, Approval approval) =>
        deployment.RequestedBy is { } requester
        && requester.Answers != approval.By
        && requester.Id != approval.By
        && deployment.Approvals.All(one => one.By != approval.By);

    /// <summary>Whether somebody's yes would serve any of the rules.</summary>
    public static bool Serves(Protection rule, Approval approval) =>
        (rule.From.Count == 0 || rule.From.Any(approval.Roles.Contains)) && (!rule.StepUp || approval.IsProved);

    // Only what was live before: or whoever may roll back could bring a release to life that nobody has approved.
    private static bool IsReturn(Situation now) =>
        now.Deployment is { IsRollback: true } deployment && now.Record.History.Contains(deployment.Release);

    internal static IEnumerable<Protection> RulesOf(Situation now) => RulesOf(now.Record, now.Next!);

    internal static IEnumerable<Protection> RulesOf(SiteRecord record, Release next) =>
        new[] { record.Protection, next.Protection }.OfType<Protection>();

    private static int Counted(Deployment deployment, Protection rule, string plan, DateTimeOffset now) =>
        deployment.Approvals.Count(one => one.Plan == plan && now - one.At < rule.Wait && Serves(rule, one));
}
