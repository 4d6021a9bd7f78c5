using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Formats.Otlp.Translation;

/// <summary>
/// Turns OpenTelemetry's metrics of one request into series, as Prometheus 3 does by default: names with units and <c>_total</c>,
/// <c>job</c> and <c>instance</c> of the resource, its other attributes as <c>target_info</c>. Two things go further: differences
/// are added up, and exponential histograms become classic buckets.
/// </summary>
internal sealed class MetricTranslation(Source source, DeltaMemory deltas, DateTimeOffset now)
{
    /// <summary>Samples of one request; a point of a histogram makes many.</summary>
    internal const int SamplesMax = 1_000_000;

    private const string Name = "service.name";
    private const string Namespace = "service.namespace";
    private const string Instance = "service.instance.id";
    private const string Bound = "le";

    // What OpenTelemetry's libraries take when nobody says otherwise: made for milliseconds, useless for seconds.
    private static readonly ulong[] DefaultBounds =
    [
        .. new double[] { 0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000 }.Select(
            BitConverter.DoubleToUInt64Bits
        ),
    ];
    private const int CoarseFrom = 20;

    private readonly DeltaMemory deltas = deltas;
    private readonly DateTimeOffset now = now;
    private readonly List<SeriesSamples> series = [];
    private readonly Dictionary<string, long> refused = new(StringComparer.Ordinal);
    private readonly HashSet<string> coarse = new(StringComparer.Ordinal);
    private readonly Dictionary<string, MetricAbout> abouts = new(StringComparer.Ordinal);
    private readonly Dictionary<IReadOnlyList<Label>, long> seen = new(ReferenceEqualityComparer.Instance);
    private (OtlpMetric? Metric, string Name) named;
    private (IReadOnlyList<Label>? Resource, IReadOnlyList<Label> Labels) identified = (null, []);

    public IReadOnlyList<SeriesSamples> Series => series;

    /// <summary>All points, those that were refused among them.</summary>
    public long Points { get; private set; }

    /// <summary>Points that make no sample, by the code of a problem.</summary>
    public IReadOnlyDictionary<string, long> Refused => refused;

    /// <summary>Histograms of seconds whose buckets cannot tell one second from five.</summary>
    public IReadOnlyCollection<string> Coarse => coarse;

    /// <summary>What is said of metrics beyond their points.</summary>
    public IReadOnlyCollection<MetricAbout> Abouts => abouts.Values;

    public void Take(OtlpMetric metric, OtlpPoint point)
    {
        Points++;
        var name = NameOf(metric);
        var reason =
            name.Length == 0 ? "otlp.no-name"
            : point.Time == 0 ? "otlp.no-time"
            : metric.Kind is OtlpKind.Gauge or OtlpKind.Sum && point.Value is null && !point.IsEnd ? "otlp.no-value"
            : series.Count >= SamplesMax ? "otlp.too-many-samples"
            : Translate(metric, point, name);
        if (reason is not null)
        {
            refused[reason] = refused.GetValueOrDefault(reason) + 1;
            return;
        }
        var at = (long)(point.Time / 1_000_000);
        var resource = metric.Origin.Resource;
        seen[resource] = Math.Max(seen.GetValueOrDefault(resource), at);
    }

    /// <summary>Adds what is known of the senders themselves; to be called when all points are in.</summary>
    public void Finish()
    {
        foreach (var (resource, at) in seen)
        {
            var rest = resource.Where(one => one.Name is not (Name or Namespace or Instance)).ToList();
            var identity = Identity(resource);
            if (rest.Count > 0 && identity.Count > 0)
            {
                var labels = Labels.Of([.. Named(rest), .. identity, new(Labels.MetricName, "target_info")]);
                series.Add(new(source.On(labels), [new(at, 1)]));
            }
        }
    }

    /// <returns>Why it cannot be; null when it was done.</returns>
    private string? Translate(OtlpMetric metric, OtlpPoint point, string name)
    {
        var labels = source.On(Labels.Of([.. Named(point.Attributes), .. Identity(metric.Origin.Resource)]));
        var into = new Into(this, labels, (long)(point.Time / 1_000_000), point.IsEnd, metric.IsDelta);
        switch (metric.Kind)
        {
            case OtlpKind.Gauge or OtlpKind.Sum:
                return into.Add(name, point.Value ?? 0);
            case OtlpKind.Histogram:
                Judge(metric, point, name);
                return into.Add($"{name}_count", point.Count)
                    ?? into.AddSum(name, point.Sum)
                    ?? into.AddBuckets(name, Cumulative(point), point.Count);
            case OtlpKind.Exponential:
                return into.Add($"{name}_count", point.Count)
                    ?? into.AddSum(name, point.Sum)
                    ?? into.AddBuckets(name, ExponentialBuckets.Fold(point), point.Count);
            default:
                return into.Add($"{name}_count", point.Count)
                    ?? into.AddSum(name, point.Sum ?? 0)
                    ?? into.AddQuantiles(name, point.Quantiles);
        }
    }

    private string NameOf(OtlpMetric metric)
    {
        if (!ReferenceEquals(named.Metric, metric))
        {
            named = (metric, PrometheusNames.Metric(metric));
            if (named.Name.Length > 0 && abouts.Count < MetricNotes.MetricsMax)
            {
                abouts[named.Name] = new(named.Name, KindOf(metric), metric.Description, metric.Unit);
            }
        }
        return named.Name;
    }

    private static MetricKind KindOf(OtlpMetric metric) =>
        metric.Kind switch
        {
            OtlpKind.Sum => metric.IsMonotonic ? MetricKind.Counter : MetricKind.Gauge,
            OtlpKind.Gauge => MetricKind.Gauge,
            OtlpKind.Summary => MetricKind.Summary,
            _ => MetricKind.Histogram,
        };

    // Attributes that become the same label are joined, in the order of their own names.
    private static IEnumerable<Label> Named(IEnumerable<Label> attributes) =>
        attributes
            .OrderBy(one => one.Name, StringComparer.Ordinal)
            .GroupBy(one => PrometheusNames.Label(one.Name), StringComparer.Ordinal)
            .Select(same => new Label(same.Key, string.Join(';', same.Select(one => one.Value))));

    private IReadOnlyList<Label> Identity(IReadOnlyList<Label> resource)
    {
        if (!ReferenceEquals(identified.Resource, resource))
        {
            var (name, space, instance) = (Said(Name), Said(Namespace), Said(Instance));
            var labels = new List<Label>();
            if (name is not null)
            {
                labels.Add(new("job", space is null ? name : $"{space}/{name}"));
            }
            if (instance is not null)
            {
                labels.Add(new("instance", instance));
            }
            identified = (resource, labels);
        }
        return identified.Labels;

        string? Said(string attribute) =>
            resource.Where(one => one.Name == attribute).Select(one => one.Value).FirstOrDefault();
    }

    private static List<(double Bound, double Count)> Cumulative(OtlpPoint point)
    {
        var buckets = new List<(double Bound, double Count)>();
        var below = 0.0;
        for (var i = 0; i < point.Bounds.Count && i < point.Counts.Count; i++)
        {
            below += point.Counts[i];
            var bound = BitConverter.UInt64BitsToDouble(point.Bounds[i]);
            if (!double.IsPositiveInfinity(bound))
            {
                buckets.Add((bound, below));
            }
        }
        return buckets;
    }

    private void Judge(OtlpMetric metric, OtlpPoint point, string name)
    {
        if (
            metric.Unit == "s"
            && point.Count >= CoarseFrom
            && point.Counts.Count > 1
            && point.Counts[0] + point.Counts[1] == point.Count
            && DefaultBounds
                .AsSpan()
                .SequenceEqual(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(point.Bounds))
        )
        {
            coarse.Add(name);
        }
    }

    /// <summary>Adds the samples of one point.</summary>
    private sealed class Into(MetricTranslation all, Labels labels, long at, bool isEnd, bool isDelta)
    {
        /// <returns>Why not; null when it was added.</returns>
        public string? Add(string name, double value) => Add(labels.With(Labels.MetricName, name), value);

        public string? AddSum(string name, double? sum) => sum is { } value ? Add($"{name}_sum", value) : null;

        public string? AddBuckets(string name, IReadOnlyList<(double Bound, double Count)> buckets, double count)
        {
            var bucket = labels.With(Labels.MetricName, $"{name}_bucket");
            foreach (var (bound, below) in buckets)
            {
                if (Add(bucket.With(Bound, OtlpValue.Decimal(bound)), below) is { } reason)
                {
                    return reason;
                }
            }
            return Add(bucket.With(Bound, "+Inf"), count);
        }

        public string? AddQuantiles(string name, List<(double Quantile, double Value)> quantiles)
        {
            foreach (var (quantile, value) in quantiles)
            {
                var one = labels.With(Labels.MetricName, name).With("quantile", OtlpValue.Decimal(quantile));
                all.series.Add(new(one, [new(at, isEnd ? Sample.Stale : value)]));
            }
            return null;
        }

        private string? Add(Labels one, double value)
        {
            if (isEnd)
            {
                value = Sample.Stale;
            }
            else if (isDelta)
            {
                if (!double.IsFinite(value))
                {
                    return "otlp.no-value";
                }
                var outcome = all.deltas.Add(one, value, at, all.now, out value);
                if (outcome != DeltaMemory.Outcome.Added)
                {
                    return outcome == DeltaMemory.Outcome.Full ? "otlp.too-many-deltas" : "otlp.out-of-order";
                }
            }
            all.series.Add(new(one, [new(at, value)]));
            return null;
        }
    }
}
