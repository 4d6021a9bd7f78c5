using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Model.Ports;

/// <summary>What carries traffic to replicas. Every method may be called again after a crash, with the same result.</summary>
public interface IRouter
{
    /// <summary>From now on refuses every fence lower than this one; said by a new server before its first look.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    Task TakeChargeAsync(Fence fence, CancellationToken stop);

    /// <summary>What is in force now, and what is on its way.</summary>
    /// <exception cref="Problems.ProblemException">The router cannot be reached.</exception>
    Task<RouterView> ObserveAsync(Site site, CancellationToken stop);

    /// <summary>
    /// Puts a site's whole routing in force in one atomic step, durably. When it returns, no request is let in under the
    /// old routing any more; those in flight go on and are counted.
    /// </summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    Task ApplyAsync(Routing routing, Fence fence, CancellationToken stop);

    /// <summary>Waits for a request to a service that is asleep, or about as long as a connection may be quiet.</summary>
    /// <param name="after">The number of the call heard last; 0 before the first.</param>
    /// <exception cref="Problems.ProblemException">The router cannot be reached.</exception>
    Task<WakeCall> ListenAsync(long after, CancellationToken stop);

    /// <summary>Ends what is still in flight to these replicas, because their drain limit passed.</summary>
    /// <exception cref="FencedException">Another server is in charge.</exception>
    Task CutAsync(Site site, IReadOnlyList<InstanceKey> instances, Fence fence, CancellationToken stop);
}

/// <summary>A router as it was seen.</summary>
/// <param name="Epoch">Changes when the router restarted and its counters began anew.</param>
/// <param name="InFlight">Requests and streams on their way, by replica; replicas without any may be missing.</param>
/// <param name="Traffic">By part, for the parts in force and those with traffic still in flight.</param>
/// <param name="Total">All the site's traffic since the router started, held and unroutable requests included.</param>
public sealed record RouterView(
    string Epoch,
    Routing Routing,
    IReadOnlyDictionary<string, int> InFlight,
    IReadOnlyList<PartTraffic> Traffic,
    TrafficCounts Total
)
{
    /// <summary>Replicas that get no requests for a while because of how they answered, with why.</summary>
    public IReadOnlyDictionary<string, string> Ejected { get; init; } = new Dictionary<string, string>();

    /// <summary>Requests that wait because their service is held or asleep, by service; those where none ever did are missing.</summary>
    public IReadOnlyDictionary<string, Parked> Parked { get; init; } = new Dictionary<string, Parked>();

    public int InFlightOf(InstanceKey key) => InFlight.GetValueOrDefault(key.ToString());

    public PartTraffic? TrafficOf(Part part) => Traffic.FirstOrDefault(one => one.Part == part);
}

/// <summary>Requests that found their service held or asleep.</summary>
/// <param name="Now">Those that wait.</param>
/// <param name="Ever">Those that came to wait since the router started.</param>
public sealed record Parked(int Now, long Ever);

/// <summary>Who should be woken.</summary>
/// <param name="Number">Of the latest call; begins anew when the router does.</param>
/// <param name="Sites">Those with a call since the one heard last; empty when none came.</param>
public sealed record WakeCall(long Number, IReadOnlyList<Site> Sites);
