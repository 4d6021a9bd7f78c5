using System.Globalization;
using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Telemetry.Statsd;

/// <summary>
/// What StatsD's lines add up to. Counters and histograms only rise, as Prometheus wants them; a gauge keeps its last value, a set counts
/// who came since the last look. A series that nobody sent to for a while is forgotten.
/// </summary>
internal sealed class StatsdBook(TimeProvider clock)
{
    public const int SeriesMax = 10_000;
    private const int SetMembersMax = 10_000;
    private static readonly TimeSpan IdleMax = TimeSpan.FromMinutes(5);

    private static readonly double[] Seconds =
    [
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        30,
        60,
    ];

    private static readonly double[] AnyUnit =
    [
        0.001,
        0.0025,
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        5,
        10,
        25,
        50,
        100,
        250,
        500,
        1e3,
        2.5e3,
        5e3,
        1e4,
        2.5e4,
        5e4,
        1e5,
        2.5e5,
        5e5,
        1e6,
    ];

    private readonly Lock gate = new();
    private readonly Dictionary<Labels, Entry> entries = [];
    private readonly Dictionary<string, long> refused = new(StringComparer.Ordinal);
    private long lines;

    public void Take(StatsdLine line)
    {
        lock (gate)
        {
            lines++;
            var labels = Labels.Of(line.Tags.Append(new(Labels.MetricName, NameOf(line))));
            if (!entries.TryGetValue(labels, out var entry))
            {
                if (entries.Count >= SeriesMax)
                {
                    Refuse("too-many-series");
                    return;
                }
                entries[labels] = entry = EntryOf(line.Kind);
            }
            if (entry.Kind != line.Kind)
            {
                Refuse("other-kind");
                return;
            }
            entry.Last = clock.GetUtcNow();
            foreach (var value in line.Values)
            {
                entry.Take(value, line.Rate);
            }
        }
    }

    /// <summary>Counts a line that is none.</summary>
    /// <param name="reason">One of a few words: it becomes a label.</param>
    public void Refuse(string reason)
    {
        lock (gate)
        {
            refused[reason] = refused.GetValueOrDefault(reason) + 1;
        }
    }

    public MetricPage Read()
    {
        var page = new MetricPage();
        lock (gate)
        {
            var now = clock.GetUtcNow();
            foreach (var (labels, entry) in entries.ToList())
            {
                if (now - entry.Last > IdleMax)
                {
                    entries.Remove(labels);
                    continue;
                }
                entry.Show(
                    page,
                    labels.Name,
                    [.. labels.Where(one => one.Name != Labels.MetricName).Select(one => (one.Name, one.Value))]
                );
            }
            page.Counter("fairlead_statsd_lines_total", "Lines that were understood.", lines);
            foreach (var (reason, count) in refused)
            {
                page.Counter(
                    "fairlead_statsd_refused_lines_total",
                    "Lines that were not taken.",
                    count,
                    ("reason", reason)
                );
            }
        }
        return page;
    }

    private static string NameOf(StatsdLine line) =>
        line.Kind switch
        {
            StatsdKind.Counter when !line.Name.EndsWith("_total", StringComparison.Ordinal) => line.Name + "_total",
            StatsdKind.Timer when !line.Name.EndsWith("_seconds", StringComparison.Ordinal) => line.Name + "_seconds",
            _ => line.Name,
        };

    private static Entry EntryOf(StatsdKind kind) =>
        kind switch
        {
            StatsdKind.Counter => new Count(),
            StatsdKind.Gauge => new Level(),
            StatsdKind.Timer => new Spread(kind, Seconds, 0.001),
            StatsdKind.Histogram => new Spread(kind, AnyUnit, 1),
            _ => new Members(),
        };

    private static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    private abstract class Entry(StatsdKind kind)
    {
        public StatsdKind Kind => kind;

        public DateTimeOffset Last { get; set; }

        public abstract void Take(string value, double rate);

        public abstract void Show(MetricPage page, string name, (string, string)[] labels);
    }

    private sealed class Count() : Entry(StatsdKind.Counter)
    {
        private double sum;

        // A counter that is counted down is none for Prometheus: it only ever rises.
        public override void Take(string value, double rate) => sum += Math.Max(0, Number(value)) / rate;

        public override void Show(MetricPage page, string name, (string, string)[] labels) =>
            page.Counter(name, "Counted by StatsD.", sum, labels);
    }

    private sealed class Level() : Entry(StatsdKind.Gauge)
    {
        private double level;

        public override void Take(string value, double rate) =>
            level = value[0] is '+' or '-' ? level + Number(value) : Number(value);

        public override void Show(MetricPage page, string name, (string, string)[] labels) =>
            page.Gauge(name, "Set by StatsD.", level, labels);
    }

    private sealed class Spread(StatsdKind kind, double[] edges, double factor) : Entry(kind)
    {
        private readonly double[] buckets = new double[edges.Length];
        private double count;
        private double sum;

        public override void Take(string value, double rate)
        {
            var number = Number(value) * factor;
            var weight = 1 / rate;
            (count, sum) = (count + weight, sum + (number * weight));
            for (var index = 0; index < edges.Length; index++)
            {
                buckets[index] += number <= edges[index] ? weight : 0;
            }
        }

        public override void Show(MetricPage page, string name, (string, string)[] labels)
        {
            var about = new MetricAbout(name, MetricKind.Histogram, "Measured by StatsD.");
            for (var index = 0; index < edges.Length; index++)
            {
                page.Add(
                    about,
                    "_bucket",
                    buckets[index],
                    [.. labels, ("le", edges[index].ToString(CultureInfo.InvariantCulture))]
                );
            }
            page.Add(about, "_bucket", count, [.. labels, ("le", "+Inf")]);
            page.Add(about, "_sum", sum, labels);
            page.Add(about, "_count", count, labels);
        }
    }

    private sealed class Members() : Entry(StatsdKind.Set)
    {
        private readonly HashSet<string> members = new(StringComparer.Ordinal);

        public override void Take(string value, double rate)
        {
            if (members.Count < SetMembersMax)
            {
                members.Add(value);
            }
        }

        public override void Show(MetricPage page, string name, (string, string)[] labels)
        {
            page.Gauge(name, "Different values that StatsD was sent since the last look.", members.Count, labels);
            members.Clear();
        }
    }
}
