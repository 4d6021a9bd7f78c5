using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;

namespace Fairlead.Engine.Deploying.Scaling;

/// <summary>What a replica used so far.</summary>
/// <param name="CpuSeconds">Processor time since its start.</param>
/// <param name="MemoryBytes">What it holds now.</param>
public sealed record ReplicaUsed(double CpuSeconds, double MemoryBytes);

/// <summary>What a service's replicas do, from looks at counters over the last seconds. Memory only: who begins anew knows nothing at first.</summary>
internal sealed class LoadMeter(ScaleRules rules)
{
    private static readonly TimeSpan Over = 15.Seconds;
    private static readonly TimeSpan SpanMin = 3.Seconds;
    private static readonly TimeSpan StaleAfter = 10.Seconds;

    private readonly List<(DateTimeOffset At, long Requests, int InFlight)> edge = [];
    private readonly Dictionary<InstanceKey, List<(DateTimeOffset At, double Cpu)>> uses = [];
    private IReadOnlyDictionary<InstanceKey, ReplicaUsed>? used;
    private DateTimeOffset usedAt;
    private string epoch = "";

    /// <summary>What the edge counted, as the site's loop saw it.</summary>
    public void Look(Snapshot seen, Part part)
    {
        var router = seen.Seen.Router;
        if (router.Epoch != epoch)
        {
            (epoch, _) = (router.Epoch, edge.RemoveAll(_ => true)); // Counters that began anew say nothing of before.
        }
        if (edge is [.., var last] && last.At >= seen.At)
        {
            return; // It was looked at already.
        }
        if (router.Routing.Find(part.Service)?.Find(part) is not { } backend)
        {
            edge.Clear();
            return;
        }
        edge.Add(
            (
                seen.At,
                router.TrafficOf(part)?.Total.Requests ?? 0,
                backend.Destinations.Sum(one => router.InFlightOf(one.Instance))
            )
        );
        edge.RemoveAll(one => seen.At - one.At > Over);
    }

    /// <summary>What replicas used; null when nobody could tell.</summary>
    public void Look(IReadOnlyDictionary<InstanceKey, ReplicaUsed>? replicas, DateTimeOffset now)
    {
        (used, usedAt) = (replicas, now);
        foreach (var (key, use) in replicas ?? new Dictionary<InstanceKey, ReplicaUsed>())
        {
            var looks = uses.TryGetValue(key, out var known) ? known : uses[key] = [];
            if (looks is [.., var last] && last.Cpu > use.CpuSeconds)
            {
                looks.Clear(); // It was started anew.
            }
            looks.Add((now, use.CpuSeconds));
            looks.RemoveAll(one => now - one.At > Over);
        }
        foreach (var gone in uses.Where(one => now - one.Value[^1].At > Over).Select(one => one.Key).ToList())
        {
            uses.Remove(gone);
        }
    }

    /// <summary>All that the rules name.</summary>
    /// <param name="ready">Replicas that are ready.</param>
    /// <param name="waiting">What waits in the queue; null when nobody could tell.</param>
    public IReadOnlyList<Gauge> Read(
        Service service,
        IReadOnlyCollection<InstanceKey> ready,
        double? waiting,
        DateTimeOffset now
    )
    {
        var gauges = new List<Gauge>();
        if (rules.Cpu is { } cpu)
        {
            gauges.Add(Part("cpu", cpu, service.Limits.Cpu ?? 1, Known(ready, now, CoresOf)));
        }
        if (rules.Memory is { } memory)
        {
            double? Bytes(InstanceKey key) => used?.GetValueOrDefault(key)?.MemoryBytes;
            // A manifest without the limit is refused.
            gauges.Add(Part("memory", memory, service.Limits.Memory ?? 1, Known(ready, now, Bytes)));
        }
        if (rules.Requests is { } requests)
        {
            gauges.Add(Whole("requests/s", requests, RateAt(now)));
        }
        if (rules.Concurrency is { } concurrency)
        {
            var known = IsKnown(now) ? edge.Average(one => one.InFlight) : (double?)null;
            gauges.Add(Whole("requests in flight", concurrency, known));
        }
        if (rules.Queue is { } queue)
        {
            gauges.Add(Whole("waiting in the queue", queue.Length, waiting));
        }
        return gauges;
    }

    /// <summary>Nobody asks for it, so none of it runs.</summary>
    public static IReadOnlyList<Gauge> Asleep { get; } = [new(1, 0, Of: null, "nobody asks for it")];

    private static Gauge Part(string name, double aim, double whole, List<double> known)
    {
        if (known.Count == 0)
        {
            return new(aim * whole, All: null, Of: 0, $"{name} is not known");
        }
        var each = known.Sum() / known.Count / whole;
        return new(aim * whole, known.Sum(), known.Count, $"{name} is {Percent(each)}, {Percent(aim)} is aimed at");
    }

    private static Gauge Whole(string name, double each, double? all) =>
        all is { } known
            ? new(each, known, Of: null, $"{Number(known)} {name}, {Number(each)} for each replica are aimed at")
            : new(each, All: null, Of: null, $"the number of {name} is not known");

    private List<double> Known(
        IReadOnlyCollection<InstanceKey> ready,
        DateTimeOffset now,
        Func<InstanceKey, double?> read
    ) => used is null || now - usedAt > StaleAfter ? [] : [.. ready.Select(read).OfType<double>()];

    private double? CoresOf(InstanceKey key) =>
        uses.GetValueOrDefault(key) is [var first, .., var last] && last.At - first.At >= SpanMin
            ? (last.Cpu - first.Cpu) / (last.At - first.At).TotalSeconds
            : null;

    private bool IsKnown(DateTimeOffset now) =>
        edge is [var first, .., var last] && last.At - first.At >= SpanMin && now - last.At <= StaleAfter;

    private double? RateAt(DateTimeOffset now) =>
        IsKnown(now)
            ? Math.Max(0, edge[^1].Requests - edge[0].Requests) / (edge[^1].At - edge[0].At).TotalSeconds
            : null;

    private static string Percent(double part) => (part * 100).ToString("0", CultureInfo.InvariantCulture) + "%";

    private static string Number(double value) => value.ToString("0.#", CultureInfo.InvariantCulture);
}
