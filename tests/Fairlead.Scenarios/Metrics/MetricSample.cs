using Fairlead.Model.Telemetry;

namespace Fairlead.Scenarios.Metrics;

/// <summary>Series as services have them: counters that restart, histograms, gauges with gaps and NaN.</summary>
internal static class MetricSample
{
    /// <summary>Not a whole second, so that no question falls on a sample's time.</summary>
    public const long Start = 1_699_999_200_003;
    public const long Interval = 15_000;
    private const int Points = 480;

    private static readonly double[] Bounds =
    [
        0.005,
        0.01,
        0.025,
        0.05,
        0.1,
        0.25,
        0.5,
        1,
        2.5,
        double.PositiveInfinity,
    ];

    public static long End => Start + (Points - 1) * Interval;

    public static IReadOnlyList<SeriesSamples> Batch()
    {
        var random = new Random(7);
        var all = new List<SeriesSamples>();
        foreach (var job in (string[])["api", "web"])
        {
            foreach (var instance in (string[])["a:80", "b:80", "c:80"])
            {
                foreach (var code in (string[])["200", "404", "500"])
                {
                    all.Add(Counter(random, Named("http_requests_total", job, instance, ("code", code))));
                }
                all.AddRange(Histogram(random, job, instance));
                all.Add(Gauge(random, Named("memory_bytes", job, instance), 1e9, gaps: 0));
                all.Add(Gauge(random, Named("temperature_celsius", job, instance), 20, gaps: 0.2));
                all.Add(Counter(random, Named("process_cpu_seconds_total", job, instance)));
            }
            all.Add(new(Named("build_info", job, "a:80", ("version", job == "api" ? "1.2.3" : "1.10.0")), Constant(1)));
        }
        all.Add(new(Named("odd_values", "odd", "nan"), Each(at => at % 4 == 0 ? double.NaN : at)));
        all.Add(new(Named("odd_values", "odd", "inf"), Each(at => at % 7 == 0 ? double.PositiveInfinity : -at)));
        all.Add(new(Named("odd_values", "odd", "zero"), Each(static _ => 0)));
        all.Add(new(Named("odd_values", "odd", "tiny"), Each(static at => at * 1e-300)));
        all.Add(new(Named("short_lived", "odd", "x"), [.. Each(static at => at).Skip(100).Take(40)]));
        return all;
    }

    private static Labels Named(string name, string job, string instance, params (string Name, string Value)[] more) =>
        Labels.Of([
            new(Labels.MetricName, name),
            new("job", job),
            new("instance", instance),
            .. more.Select(one => new Label(one.Name, one.Value)),
        ]);

    private static SeriesSamples Counter(Random random, Labels labels)
    {
        var value = 0.0;
        return new(
            labels,
            Each(at =>
            {
                value = at is 150 or 333 ? random.Next(3) : value + random.Next(20) + (at % 3 == 0 ? 0.5 : 0);
                return value;
            })
        );
    }

    private static IEnumerable<SeriesSamples> Histogram(Random random, string job, string instance)
    {
        var rows = Bounds.Select(_ => new List<Sample>()).ToArray();
        var (sums, counts) = (new List<Sample>(), new double[Bounds.Length]);
        var sum = 0.0;
        for (var at = 0; at < Points; at++)
        {
            for (var i = 0; i < 5 + random.Next(10); i++)
            {
                var took = -Math.Log(1 - random.NextDouble()) * 0.08;
                sum += took;
                for (var bound = 0; bound < Bounds.Length; bound++)
                {
                    counts[bound] += took <= Bounds[bound] ? 1 : 0;
                }
            }
            for (var bound = 0; bound < Bounds.Length; bound++)
            {
                rows[bound].Add(new(Start + at * Interval, counts[bound]));
            }
            sums.Add(new(Start + at * Interval, sum));
        }
        for (var bound = 0; bound < Bounds.Length; bound++)
        {
            var le = double.IsInfinity(Bounds[bound])
                ? "+Inf"
                : Bounds[bound].ToString(System.Globalization.CultureInfo.InvariantCulture);
            yield return new(Named("latency_seconds_bucket", job, instance, ("le", le)), rows[bound]);
        }
        yield return new(Named("latency_seconds_sum", job, instance), sums);
        yield return new(Named("latency_seconds_count", job, instance), rows[^1]);
    }

    private static SeriesSamples Gauge(Random random, Labels labels, double around, double gaps)
    {
        var samples = Each(at => around + Math.Sin(at / 20.0) * around / 5 + (random.NextDouble() - 0.5) * around / 10);
        return new(labels, [.. samples.Where(_ => random.NextDouble() >= gaps)]);
    }

    private static IReadOnlyList<Sample> Constant(double value) => Each(_ => value);

    private static IReadOnlyList<Sample> Each(Func<int, double> value) =>
        [.. Enumerable.Range(0, Points).Select(at => new Sample(Start + at * Interval, value(at)))];
}
