using System.Globalization;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Traces;

/// <summary>Who calls whom, how often, how well and how fast, over a time.</summary>
public sealed record ServiceMap(IReadOnlyList<ServiceMap.Node> Nodes, IReadOnlyList<ServiceMap.Edge> Edges)
{
    /// <param name="Kind">service, database, silent service, edge, or outside: whoever calls and sends no spans.</param>
    /// <param name="PerSecond">Calls it answered.</param>
    public sealed record Node(string Name, string Kind, double PerSecond, double ErrorPercent);

    /// <param name="P95Milliseconds">Null when there were no calls.</param>
    public sealed record Edge(
        string From,
        string To,
        string Kind,
        double PerSecond,
        double ErrorPercent,
        double? P95Milliseconds
    );

    private const string Virtual = "virtual_node";
    private const string EdgeName = "edge";

    // What the edge tells of itself on its page of metrics.
    private const string EdgeRequests = "fairlead_requests_total";
    private const string EdgeSeconds = "fairlead_request_duration_seconds_bucket";

    /// <param name="which">Matchers for the site; none for all.</param>
    public static async Task<ServiceMap> ReadAsync(
        IMetricStore store,
        IReadOnlyList<Matcher> which,
        DateTimeOffset from,
        DateTimeOffset to,
        CancellationToken stop
    )
    {
        var (since, until) = (from.ToUnixTimeMilliseconds(), to.ToUnixTimeMilliseconds());
        var edges = new Dictionary<Pair, Tallied>();
        await AddAsync(ServiceCalls.Total, BySpans, (edge, _, rise) => edge.Calls += rise);
        await AddAsync(ServiceCalls.Failed, BySpans, (edge, _, rise) => edge.Failed += rise);
        await AddAsync($"{ServiceCalls.Seconds}_bucket", BySpans, (edge, labels, rise) => edge.Below(labels, rise));
        await AddAsync(
            EdgeRequests,
            ByEdge,
            (edge, labels, rise) =>
            {
                edge.Calls += rise;
                edge.Failed += labels["code"] == "5xx" ? rise : 0;
            }
        );
        await AddAsync(EdgeSeconds, ByEdge, (edge, labels, rise) => edge.Below(labels, rise));
        var called = edges.Where(one => one.Value.Calls > 0).ToDictionary();
        // The edge counts every request, also of services that send no spans; what spans say of callers outside is the same ones again.
        foreach (var pair in called.Keys.Where(pair => pair.From == EdgeName).ToList())
        {
            called.Remove(pair with { From = ServiceCalls.Outside });
        }
        return From(called, Math.Max(1, (to - from).TotalSeconds));

        async Task AddAsync(string metric, Func<Labels, Pair> pairOf, Action<Tallied, Labels, double> add)
        {
            var columns = new SampleColumns();
            var named = new Matcher(MatchKind.Equal, Labels.MetricName, metric);
            foreach (var series in await store.SelectAsync([named, .. which], since, until, stop))
            {
                columns.Clear();
                series.Read(since, until, columns);
                var pair = pairOf(series.Labels);
                if (!edges.TryGetValue(pair, out var edge))
                {
                    edges[pair] = edge = new();
                }
                add(edge, series.Labels, Rise(columns.Values));
            }
        }
    }

    private static Pair BySpans(Labels labels) =>
        new(labels[ServiceCalls.ClientLabel], labels[ServiceCalls.ServerLabel], labels[ServiceCalls.TypeLabel]);

    private static Pair ByEdge(Labels labels) => new(EdgeName, labels[Source.ServiceLabel], "");

    /// <summary>How far a count rose; one that fell had begun again at zero.</summary>
    internal static double Rise(ReadOnlySpan<double> values)
    {
        var rise = 0.0;
        double? before = null;
        foreach (var value in values)
        {
            if (double.IsNaN(value))
            {
                continue;
            }
            rise +=
                before is null ? 0
                : value >= before ? value - before.Value
                : value;
            before = value;
        }
        return rise;
    }

    private static ServiceMap From(Dictionary<Pair, Tallied> called, double seconds)
    {
        var edges = called
            .OrderBy(one => one.Key.From, StringComparer.Ordinal)
            .ThenBy(one => one.Key.To, StringComparer.Ordinal)
            .ThenBy(one => one.Key.Type, StringComparer.Ordinal)
            .Select(one => new Edge(
                one.Key.From,
                one.Key.To,
                Words(one.Key.Type),
                Rounded(one.Value.Calls / seconds),
                Rounded(100 * one.Value.Failed / one.Value.Calls),
                one.Value.P95() is { } p95 ? Rounded(p95 * 1_000) : null
            ));
        var nodes = called
            .Keys.SelectMany(pair => new[] { pair.From, pair.To })
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                var answered = called.Where(one => one.Key.To == name).ToList();
                var calls = answered.Sum(one => one.Value.Calls);
                return new Node(
                    name,
                    KindOf(name, called.Keys),
                    Rounded(calls / seconds),
                    calls > 0 ? Rounded(100 * answered.Sum(one => one.Value.Failed) / calls) : 0
                );
            });
        return new([.. nodes], [.. edges]);
    }

    // Who sends spans is a service, whatever its callers take it for.
    private static string KindOf(string name, IReadOnlyCollection<Pair> pairs) =>
        name is EdgeName or ServiceCalls.Outside ? name
        : pairs.Any(pair => pair.From == name || (pair.To == name && pair.Type is "" or "messaging_system")) ? "service"
        : Words(pairs.First(pair => pair.To == name).Type);

    private static string Words(string type) =>
        type switch
        {
            "" => "call",
            Virtual => "silent service",
            _ => type.Replace('_', ' '),
        };

    private static double Rounded(double value) => Math.Round(value, value < 1 ? 4 : 2);

    private sealed record Pair(string From, string To, string Type);

    private sealed class Tallied
    {
        private readonly SortedDictionary<double, double> below = [];

        public double Calls { get; set; }

        public double Failed { get; set; }

        public void Below(Labels labels, double count)
        {
            var bound = labels["le"];
            var limit =
                bound == "+Inf" ? double.PositiveInfinity
                : double.TryParse(bound, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number
                : double.NaN;
            if (!double.IsNaN(limit))
            {
                below[limit] = below.GetValueOrDefault(limit) + count;
            }
        }

        /// <summary>In seconds, evenly spread within a bucket, as Prometheus's histogram_quantile.</summary>
        public double? P95()
        {
            if (below.Count == 0 || below.Last().Value <= 0)
            {
                return null;
            }
            var rank = 0.95 * below.Last().Value;
            var (start, before) = (0.0, 0.0);
            foreach (var (bound, count) in below)
            {
                if (count >= rank)
                {
                    return double.IsPositiveInfinity(bound) ? start
                        : count <= before ? bound
                        : start + ((bound - start) * (rank - before) / (count - before));
                }
                (start, before) = (bound, count);
            }
            return start;
        }
    }
}
