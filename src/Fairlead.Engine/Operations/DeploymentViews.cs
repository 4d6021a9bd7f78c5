using Fairlead.Engine.Deploying;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Makes what faces show of a deployment from what is remembered and what was last seen.</summary>
internal static class DeploymentViews
{
    public static async Task<DeploymentView> OfAsync(ServerSide server, Deployment deployment, CancellationToken stop)
    {
        var snapshot = server.Conductor.Look(deployment.Site);
        var seen = snapshot?.Deployment?.Id == deployment.Id ? snapshot : null;
        var release = await Sites.ReleaseAsync(server, deployment.Site, deployment.Release, stop);
        return new DeploymentView
        {
            Id = deployment.Id,
            App = deployment.Site.App,
            Environment = deployment.Site.Environment,
            Release = deployment.Release,
            Replaces = deployment.Replaces,
            Phase = deployment.Phase,
            Steps =
            [
                .. deployment.Steps.Select((step, index) => new StepView(step.ToString(), StateOf(deployment, index))),
            ],
            Waiting = deployment.Phase.IsOver ? null : seen?.Waiting,
            Parts = snapshot is null ? [] : Parts(snapshot, release),
            Verdicts = deployment.Verdicts,
            Reason = deployment.Reason,
            Measured = deployment.Phase.IsOver ? deployment.Meter.Sum : Running(deployment, seen),
            Urls = [.. release.Hosts.Select(host => UrlOf(server.PublicUrl, host))],
            Warnings = deployment.Warnings,
            Snapshots = deployment.Snapshots,
            RequestedAt = deployment.RequestedAt,
            RequestedBy = deployment.RequestedBy?.Name,
            Plan =
                deployment.Phase == DeploymentPhase.AwaitingApproval && seen?.Next is { } next
                    ? PlanDigest.Of(seen.Live, next)
                    : null,
            ApprovedBy = deployment.Approvals.Count == 0 ? null : [.. deployment.Approvals.Select(one => one.Name)],
            Held = deployment.Phase == DeploymentPhase.RollingOut ? deployment.Held : null,
            EndedAt = deployment.EndedAt,
            Deadline = deployment.Deadline,
        };
    }

    public static string UrlOf(Uri publicUrl, string host) =>
        publicUrl.IsDefaultPort ? $"{publicUrl.Scheme}://{host}/" : $"{publicUrl.Scheme}://{host}:{publicUrl.Port}/";

    /// <summary>The parts of a site that run or should, those of <paramref name="release"/> last.</summary>
    public static IReadOnlyList<PartView> Parts(Snapshot snapshot, Release? release)
    {
        var routing = snapshot.Seen.Router.Routing;
        return
        [
            .. snapshot
                .Seen.Instances.Select(one => one.Key.Part)
                .Distinct()
                .OrderBy(part => part.Service, StringComparer.Ordinal)
                .ThenBy(part => part.Since)
                .Select(part => Part(snapshot, routing, part, release)),
        ];
    }

    private static PartView Part(Snapshot snapshot, Routing routing, Part part, Release? release)
    {
        var instances = snapshot.Seen.Instances.Where(one => one.Key.Part == part).ToList();
        var traffic = snapshot.Seen.Router.TrafficOf(part);
        var counts = traffic?.Counts ?? TrafficCounts.Zero;
        // What was looked at knows how many there are to be by now.
        var service = new[] { snapshot.Live, snapshot.Next, release }
            .Select(one => one?.Find(part.Service))
            .FirstOrDefault(one => one?.Part == part);
        return new PartView(
            part.ToString(),
            routing.Find(part.Service)?.Find(part)?.Share ?? Share.None,
            instances.Count(one => one.State == InstanceState.Ready),
            service?.Service.Replicas ?? instances.Count,
            counts.Requests,
            snapshot.RateOf(part) is { } rate ? Math.Round(rate, 1) : null,
            counts.Requests == 0 ? null : Math.Round(100.0 * (counts.Failed + counts.Lost) / counts.Requests, 2),
            counts.Requests == 0 ? null : Math.Round(traffic!.Latency.Quantile(95).TotalMilliseconds, 1)
        )
        {
            Mirrored = traffic?.Mirrored,
            Range = RangeOf(snapshot, part),
        };
    }

    /// <summary>Services whose number of replicas follows their load.</summary>
    /// <param name="why">Why a service has as many as it has.</param>
    public static IReadOnlyList<ScaleView> Scaled(Snapshot snapshot, Func<Site, string, string?> why) =>
        [
            .. from live in snapshot.Live?.Services ?? []
            let range = RangeOf(snapshot, live.Part)
            where range is not null
            let known = snapshot.Record.Scaled?.FirstOrDefault(one => one.Service == live.Part.Service)
            select new ScaleView(
                live.Part.Service,
                $"{live.Service.Replicas} ({range})",
                why(snapshot.Record.Site, live.Part.Service),
                known?.At,
                known?.Reason
            ),
        ];

    // Of what is live alone: what is kept warm follows nothing.
    private static string? RangeOf(Snapshot snapshot, Part part) =>
        snapshot.Live?.Find(part.Service) is { Service.Scale: { } rules } live && live.Part == part
            ? $"{rules.Min}-{rules.Max}"
            : null;

    private static TrafficCounts? Running(Deployment deployment, Snapshot? seen) =>
        seen is null || deployment.Meter.Epoch.Length == 0
            ? null
            : deployment.Meter.Read(seen.Seen.Router.Epoch, seen.Seen.Router.Total).Sum;

    private static string StateOf(Deployment deployment, int index) =>
        deployment.Phase == DeploymentPhase.Promoted || index < deployment.Step ? "done"
        : index > deployment.Step
            ? deployment.Phase.IsOver || deployment.Phase == DeploymentPhase.RollingBack ? "skipped"
                : "waiting"
        : deployment.Phase.IsOver || deployment.Phase == DeploymentPhase.RollingBack ? "failed"
        : "current";
}
