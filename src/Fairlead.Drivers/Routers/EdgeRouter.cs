using System.Globalization;
using Fairlead.Drivers.Http;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;

namespace Fairlead.Drivers.Routers;

/// <summary>The edge role as a router, asked over its Unix socket.</summary>
public sealed class EdgeRouter(RoleClient edge) : IRouter
{
    /// <summary>Where the edge takes a <see cref="Routing"/>.</summary>
    public const string ApplyPath = "/routing";

    /// <summary>Where the edge takes a <see cref="CutOrder"/>.</summary>
    public const string CutPath = "/cut";

    /// <summary>Where the edge hears who is in charge.</summary>
    public const string ChargePath = "/charge";

    /// <summary>Where the edge says who should be woken.</summary>
    public const string CallsPath = "/calls";

    public Task TakeChargeAsync(Fence fence, CancellationToken stop) =>
        edge.PostAsync<object?>(ChargePath, body: null, fence, stop);

    public Task<RouterView> ObserveAsync(Site site, CancellationToken stop) =>
        edge.GetAsync<RouterView>($"/sites/{site.App}/{site.Environment}", stop);

    public Task<WakeCall> ListenAsync(long after, CancellationToken stop) =>
        edge.GetAsync<WakeCall>(string.Create(CultureInfo.InvariantCulture, $"{CallsPath}?after={after}"), stop);

    public Task ApplyAsync(Routing routing, Fence fence, CancellationToken stop) =>
        edge.PostAsync<object>(ApplyPath, routing, fence, stop);

    public Task CutAsync(Site site, IReadOnlyList<InstanceKey> instances, Fence fence, CancellationToken stop) =>
        edge.PostAsync<object>(CutPath, new CutOrder(site, instances), fence, stop);
}

/// <summary>Asks the edge to end what is in flight to these replicas.</summary>
public sealed record CutOrder(Site Site, IReadOnlyList<InstanceKey> Instances);
