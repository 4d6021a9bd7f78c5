using Fairlead.Engine.Deploying;
using Fairlead.Engine.Operations;
using Fairlead.Engine.Responding.Incidents;
using Fairlead.Engine.Responding.Telling;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Incidents;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Responding.Drills;

/// <summary>The scratch app of a drill and what is known of it.</summary>
/// <param name="engine">The server, on behalf of the drill.</param>
internal sealed class DrillScene(Drill drill, EngineContext engine, IDrillGround ground)
{
    /// <summary>Where drills are: an app of their own, so that no other can be hurt.</summary>
    public static readonly Site Site = new("drill", "drill");

    private static readonly Principal Self = new(PrincipalKind.Service, "fairlead-drills", "fairlead");

    public Drill Drill => drill;

    public IDrillGround Ground => ground;

    private ServerSide Server => engine.Server;

    /// <summary>Asks for a release of the scratch app.</summary>
    /// <param name="changes">Such as <c>web.env.FAULT=errors</c>.</param>
    public async Task DeployAsync(IReadOnlyList<string> changes, CancellationToken stop)
    {
        var context = engine with
        {
            Caller = Self,
            Server = Server with { FrontDoor = Server.FrontDoor.For(Self, new(static one => one == Site, [Site])) },
        };
        var (candidate, _) = await Candidates.ReadAsync(
            context,
            ground.Prepare(AllDrills.Find(drill.Kind)?.Change is not null),
            Site.Environment,
            changes,
            stop
        );
        await Deploy.ShipAsync(candidate, context, waits: false, stop);
    }

    /// <summary>Asks for a release of nothing: what runs of the scratch app ends.</summary>
    public Task ClearAsync(CancellationToken stop) =>
        Server
            .FrontDoor.For(Self, new(static one => one == Site, [Site]))
            .DeployAsync(new Candidate(Site, [], "/", []), approvedPlan: null, waits: false, breakGlass: null, stop);

    /// <summary>The release that is live while nothing is under way; null else.</summary>
    public async Task<int?> CalmAsync(CancellationToken stop) =>
        await RecordAsync(stop) is { Active: null, Queue.Count: 0 } record
        && (await Server.Store.ListAsync(Records.Requests, $"{Site}/", stop)).Count == 0
            ? record.Live
            : null;

    /// <summary>Why the last deployment of the scratch app that was asked for since this step began failed; null when none did.</summary>
    public async Task<Problem?> FailureAsync(CancellationToken stop) =>
        (await Server.Store.ListAsync(Records.Deployments, $"{Site}/", stop))
            .Select(Records.Read<Deployment>)
            .Where(one => one.RequestedAt >= drill.StartedAt)
            .MaxBy(static one => one.RequestedAt)
            is { Phase: DeploymentPhase.Failed or DeploymentPhase.RolledBack } failed
            ? failed.Reason
            : null;

    /// <summary>Nothing of it runs.</summary>
    public async Task<bool> IsClearAsync(CancellationToken stop)
    {
        Server.Conductor.Wake(Site);
        return await CalmAsync(stop) is not null && Server.Conductor.Look(Site) is { Seen.Instances.Count: 0 };
    }

    /// <summary>No alert of the scratch app fires and no incident is open: what comes after the fault is of the fault.</summary>
    public async Task<bool> IsQuietAsync(CancellationToken stop) =>
        !Server.Response.Alerts.Firing.Any(static one => one.Labels[Source.AppLabel] == Site.App)
        && !(await IncidentsAsync(stop)).Any(static one => one.IsOpen);

    /// <summary>An alert of the scratch app that fires since the fault.</summary>
    public Alert? Firing(string name) =>
        Server.Response.Alerts.Firing.FirstOrDefault(one => one.Name == name && IsOfFault(one));

    /// <summary>The incident that was opened since the fault.</summary>
    public async Task<Incident?> IncidentAsync(CancellationToken stop) =>
        (await IncidentsAsync(stop)).FirstOrDefault(one => one.DetectedAt >= drill.FaultAt);

    /// <summary>Who was told of the scratch app since the fault, the first first.</summary>
    public async Task<IReadOnlyList<Delivery>> ToldAsync(CancellationToken stop) =>
        [
            .. (await Server.Store.ListAsync(Delivery.Collection, "", stop))
                .Select(Records.Read<Delivery>)
                .Where(one =>
                    one.State is DeliveryState.Sent
                    && one.At >= drill.FaultAt
                    && one.Notification.Alerts.Any(alert => alert.IsFiring && IsOfFault(alert))
                )
                .OrderBy(static one => one.EndedAt),
        ];

    private async Task<SiteRecord?> RecordAsync(CancellationToken stop) =>
        await Server.Store.ReadAsync(Records.Sites, $"{Site}", stop) is { } document
            ? Records.Read<SiteRecord>(document)
            : null;

    private async Task<IEnumerable<Incident>> IncidentsAsync(CancellationToken stop) =>
        (await new IncidentBook(Server.Store, () => Server.Conductor.Fence).AllAsync(stop)).Where(static one =>
            one.Site == Site
        );

    private bool IsOfFault(Alert alert) =>
        alert.Labels[Source.AppLabel] == Site.App && alert.StartsAt >= drill.FaultAt?.AddSeconds(-1);
}
