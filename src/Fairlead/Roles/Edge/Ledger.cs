using System.Collections.Concurrent;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Fairlead.Roles.Edge.Files;
using Fairlead.Roles.Edge.Gateway;
using Fairlead.Roles.Edge.Mirroring;

namespace Fairlead.Roles.Edge;

/// <summary>Everything that must outlive a table: counters, health, who waits.</summary>
/// <param name="shelf">Where folders of files are kept; one of its own when left out.</param>
/// <param name="gateway">What gateways count; one of its own when left out.</param>
/// <param name="mirrors">Sends copies of requests; one of its own when left out.</param>
internal sealed class Ledger(
    World world,
    Shelf? shelf = null,
    GatewayLedger? gateway = null,
    MirrorSender? mirrors = null
)
{
    /// <summary>Parts remembered at most; beyond, the oldest gone ones are folded into their site's sum.</summary>
    private const int PartsMax = 10_000;

    private readonly ConcurrentDictionary<(InstanceKey Key, Uri Endpoint), Replica> replicas = new();
    private readonly ConcurrentDictionary<(Site Site, Part Part), PartMeter> parts = new();
    private readonly ConcurrentDictionary<(Site Site, string Service), ServiceDesk> desks = new();
    private readonly ConcurrentDictionary<Site, TrafficCounter> elsewhere = new();
    private readonly ConcurrentDictionary<Site, TrafficCounts> forgotten = new();

    public World World => world;

    public Shelf Shelf { get; } = shelf ?? Shelf.Plain(world.Clock);

    /// <summary>Every replica known, in force or draining.</summary>
    public IEnumerable<Replica> Replicas => replicas.Values;

    /// <summary>Tells whoever listens that requests wait.</summary>
    public WakeCalls Calls { get; } = new();

    /// <summary>What is counted and kept for services before their replicas see a request.</summary>
    public GatewayLedger Gateway { get; } = gateway ?? new GatewayLedger(new GatewayWorld(world));

    public MirrorSender Mirrors { get; } = mirrors ?? new MirrorSender(world);

    public Replica Replica(Destination destination) =>
        replicas.GetOrAdd((destination.Instance, destination.Endpoint), id => new Replica(id.Key, id.Endpoint));

    /// <summary>Every part's meter, also of those that are gone.</summary>
    public IEnumerable<(Site Site, Part Part, PartMeter Meter)> Meters =>
        parts.Select(one => (one.Key.Site, one.Key.Part, one.Value));

    public PartMeter Meter(Site site, Part part) => parts.GetOrAdd((site, part), id => new PartMeter(id.Part));

    public ServiceDesk Desk(Site site, string service) =>
        desks.GetOrAdd((site, service), _ => new ServiceDesk((uint)world.Random.NextInt64(), () => Calls.Ring(site)));

    /// <summary>Counts what no part can be blamed for: requests that found nobody.</summary>
    public TrafficCounter Elsewhere(Site site) => elsewhere.GetOrAdd(site, _ => new TrafficCounter());

    /// <summary>The same of every site.</summary>
    public IEnumerable<(Site Site, TrafficCounter Count)> AllElsewhere => elsewhere.Select(one => (one.Key, one.Value));

    /// <summary>The replicas of a site known under these keys, in force or draining.</summary>
    public IEnumerable<Replica> Find(Site site, IReadOnlyCollection<InstanceKey> keys) =>
        replicas.Values.Where(one => one.Key.Site == site && keys.Contains(one.Key));

    /// <summary>Lets go of what a new table does not name and nobody uses.</summary>
    public void Settle(RouteTable table)
    {
        var named = table.Replicas.ToHashSet();
        foreach (var (id, replica) in replicas)
        {
            if (!named.Contains(replica) && replica.InFlight == 0)
            {
                replicas.TryRemove(id, out _);
                replica.Pool?.Dispose();
            }
        }
        foreach (var (id, meter) in parts)
        {
            if (table.Find(id.Site)?.Find(id.Part.Service)?.Find(id.Part) is null)
            {
                meter.Depart();
            }
        }
        foreach (var id in desks.Keys)
        {
            if (table.Find(id.Site)?.Find(id.Service) is null && desks[id].Waiting == 0)
            {
                desks.TryRemove(id, out _);
            }
        }
        Gateway.Settle(table);
        Forget();
    }

    public IReadOnlyDictionary<string, int> InFlight(Site site) =>
        replicas
            .Values.Where(one => one.Key.Site == site && one.InFlight > 0)
            .GroupBy(one => one.Key)
            .ToDictionary(group => group.Key.ToString(), group => group.Sum(one => one.InFlight));

    /// <summary>Replicas that sit out, with why.</summary>
    public IReadOnlyDictionary<string, string> Ejected(Site site) =>
        replicas
            .Values.Where(one => one.Key.Site == site && one.Outlook.IsEjected)
            .GroupBy(one => one.Key)
            .ToDictionary(group => group.Key.ToString(), group => group.First().Outlook.Why);

    /// <summary>Requests that wait or waited, by service.</summary>
    public IReadOnlyDictionary<string, Parked> Parked(Site site) =>
        desks
            .Where(one => one.Key.Site == site && one.Value.Parked > 0)
            .ToDictionary(one => one.Key.Service, one => new Parked(one.Value.Waiting, one.Value.Parked));

    public IReadOnlyList<PartTraffic> Traffic(Site site)
    {
        var draining = replicas
            .Values.Where(one => one.Key.Site == site && one.InFlight > 0)
            .Select(one => one.Key.Part)
            .ToHashSet();
        return
        [
            .. parts
                .Where(one => one.Key.Site == site && (!one.Value.IsAbsent || draining.Contains(one.Key.Part)))
                .OrderBy(one => one.Key.Part.Service, StringComparer.Ordinal)
                .ThenBy(one => one.Key.Part.Since)
                .Select(one => one.Value.Read()),
        ];
    }

    public TrafficCounts Total(Site site) =>
        parts
            .Where(one => one.Key.Site == site)
            .Select(one => one.Value.Total.Read())
            .Append(Elsewhere(site).Read())
            .Append(forgotten.GetValueOrDefault(site, TrafficCounts.Zero))
            .Aggregate(TrafficCounts.Zero, (sum, one) => sum + one);

    private void Forget()
    {
        foreach (
            var (id, meter) in parts
                .Where(one => one.Value.IsAbsent)
                .OrderBy(one => one.Key.Part.Since)
                .Take(Math.Max(0, parts.Count - PartsMax))
        )
        {
            parts.TryRemove(id, out _);
            forgotten.AddOrUpdate(id.Site, meter.Total.Read(), (_, sum) => sum + meter.Total.Read());
        }
    }
}
