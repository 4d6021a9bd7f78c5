using Fairlead.Engine.Operations;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Scaling;

/// <summary>
/// How many replicas services have whose number follows their load. A release says from how many to how many; the number itself is the
/// site's, so it outlives the server, goes over to the next release and comes back with a rollback. Pure.
/// </summary>
public static class Counts
{
    /// <summary>A release with as many replicas of each service as there shall be now.</summary>
    /// <param name="live">What is live, as it was released: who only now begins to follow the load begins with what runs.</param>
    public static Release? Of(Release? release, SiteRecord record, Release? live)
    {
        if (release?.Services.Any(one => one.Service.Scale is not null) is not true)
        {
            return release;
        }
        return release with
        {
            Services =
            [
                .. release.Services.Select(one =>
                    one.Service.Scale is { } scale
                        ? one with
                        {
                            Service = one.Service with
                            {
                                Replicas = scale.Within(Now(one.Service.Name, record, live) ?? scale.Min),
                            },
                        }
                        : one
                ),
            ],
        };
    }

    /// <summary>What the site remembers once a release is live.</summary>
    public static IReadOnlyList<ScaledService>? Kept(Situation now, Release next)
    {
        List<ScaledService> kept =
        [
            .. from one in next.Services
            where one.Service.Scale is not null
            let known = now.Record.Scaled?.FirstOrDefault(scaled => scaled.Service == one.Service.Name)
            select known?.Replicas == one.Service.Replicas
                ? known
                : new(
                    one.Service.Name,
                    one.Service.Replicas,
                    known?.Replicas ?? one.Service.Replicas,
                    $"as release {next.Number} says",
                    now.Now
                ),
        ];
        return kept.Count == 0 ? null : kept;
    }

    /// <summary>Whether numbers may change: a rollout goes on with those that it began with.</summary>
    public static bool MayChange(DeploymentPhase? phase) =>
        phase
            is null
                or DeploymentPhase.Queued
                or DeploymentPhase.Building
                or DeploymentPhase.AwaitingApproval
                or >= DeploymentPhase.Promoted;

    /// <summary>Where the place itself decides how many there are, the site follows; null when there is nothing to follow.</summary>
    internal static Decision.Note? Followed(Situation now)
    {
        foreach (var live in now.Live?.Services ?? [])
        {
            var own = now
                .Seen.Instances.Where(one =>
                    one is { IsScaledByTarget: true, State: not InstanceState.Stopping } && one.Key.Part == live.Part
                )
                .Select(one => one.Key.Slot)
                .ToList();
            if (own.Count == 0 || live.Service.Scale is null)
            {
                continue;
            }
            var order = new ScaleOrder(
                live.Part.Service,
                live.Service.Replicas,
                own.Count,
                "as the cluster's autoscaler says"
            );
            if (Change(now, order) is { Entries.Count: > 0 } note)
            {
                return note;
            }
        }
        return null;
    }

    internal static Decision.Note Change(Situation now, ScaleOrder? order)
    {
        if (
            order is null
            || !MayChange(now.Deployment?.Phase)
            || now.Live?.Find(order.Service)?.Service is not { Scale: { } scale } service
            || service.Replicas != order.Before
            || scale.Within(order.Replicas) is var wanted && wanted == service.Replicas
        )
        {
            return new(now.Record, [], []); // It is decided anew from what is then.
        }
        var scaled = new ScaledService(service.Name, wanted, service.Replicas, order.Reason, now.Now);
        return new(
            now.Record with
            {
                Scaled = [.. (now.Record.Scaled ?? []).Where(one => one.Service != service.Name), scaled],
            },
            [],
            [
                new NewEntry(
                    now.Site,
                    null,
                    "scaled",
                    $"{service.Name}: from {service.Replicas} to {wanted} replicas, {order.Reason}"
                ),
            ]
        );
    }

    private static int? Now(string service, SiteRecord record, Release? live) =>
        record.Scaled?.FirstOrDefault(one => one.Service == service)?.Replicas
        ?? (live?.Find(service)?.Service is { Scale: null } fixedly ? fixedly.Replicas : null);
}
