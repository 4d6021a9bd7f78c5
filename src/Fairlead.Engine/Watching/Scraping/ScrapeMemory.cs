using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Watching.Scraping;

/// <summary>
/// What a target showed the last time, and so what of it has ended. As in Prometheus a series that is shown no more, or whose target
/// fails or goes, is marked stale at once; so nobody takes its last number for today's.
/// </summary>
public sealed class ScrapeMemory(ScrapeTarget target)
{
    private static readonly string[] Reports =
    [
        "up",
        "scrape_duration_seconds",
        "scrape_samples_scraped",
        "scrape_samples_post_metric_relabeling",
        "scrape_series_added",
    ];

    private HashSet<Labels> before = [];
    private long? last;
    private double? startedAt;

    /// <summary>What is to be kept of a page.</summary>
    /// <param name="at">In milliseconds since 1970.</param>
    public IReadOnlyList<SeriesSamples> Showed(MetricPage page, long at, TimeSpan took)
    {
        var (now, kept, added) = (new HashSet<Labels>(page.Samples.Count), new List<SeriesSamples>(), 0);
        var start = StartOf(page);
        var isAnew = start is { } one && startedAt is { } earlier && one > earlier;
        foreach (var sample in page.Samples)
        {
            var labels = target.On(sample.Labels);
            if (sample.At is { } own)
            {
                // Who gives times himself says by himself what is old; such series are never marked.
                kept.Add(new(labels, [new(own, sample.Value)]));
                continue;
            }
            if (!now.Add(labels))
            {
                continue; // Shown twice: the first one counts.
            }
            var isNew = !before.Contains(labels);
            added += isNew ? 1 : 0;
            var zero = (isNew || isAnew) && Rises(page, sample.Labels.Name) ? ZeroBefore(at, isNew, start) : null;
            kept.Add(new(labels, zero is { } begin ? [new(begin, 0), new(at, sample.Value)] : [new(at, sample.Value)]));
        }
        kept.AddRange(Ended(before.Where(series => !now.Contains(series)), at));
        kept.AddRange(Report(at, [1, took.TotalSeconds, page.Samples.Count, page.Samples.Count, added]));
        (before, last, startedAt) = (now, at, start ?? startedAt);
        return kept;
    }

    /// <summary>What is to be kept of a scrape that failed.</summary>
    public IReadOnlyList<SeriesSamples> Failed(long at, TimeSpan took)
    {
        List<SeriesSamples> kept = [.. Ended(before, at), .. Report(at, [0, took.TotalSeconds, 0, 0, 0])];
        (before, last) = ([], null);
        return kept;
    }

    /// <summary>What is to be kept because the target is asked no more.</summary>
    public IReadOnlyList<SeriesSamples> Gone(long at)
    {
        List<SeriesSamples> kept = [.. Ended(before, at), .. Report(at, [.. Reports.Select(_ => Sample.Stale)])];
        (before, last) = ([], null);
        return kept;
    }

    // A role that started again between two looks counts from zero since then; a series that is new has done so since the last look.
    private long? ZeroBefore(long at, bool isNew, double? start)
    {
        if (!target.StartsAtZero || last is not { } earlier)
        {
            return null;
        }
        var begin = start is { } seconds ? (long)(seconds * 1000) : earlier;
        var zero = Math.Max(begin, earlier + (isNew && begin <= earlier ? 0 : 1));
        return zero < at ? zero : null;
    }

    private double? StartOf(MetricPage page)
    {
        if (!target.StartsAtZero)
        {
            return null;
        }
        foreach (var sample in page.Samples)
        {
            if (string.Equals(sample.Labels.Name, StartMetric, StringComparison.Ordinal))
            {
                return sample.Value;
            }
        }
        return null;
    }

    /// <summary>When a role of Fairlead started, in seconds since 1970.</summary>
    public const string StartMetric = "fairlead_role_start_time_seconds";

    private static bool Rises(MetricPage page, string name) =>
        page.AboutOf(name)?.Kind is MetricKind.Counter or MetricKind.Histogram;

    private static IEnumerable<SeriesSamples> Ended(IEnumerable<Labels> series, long at) =>
        series.Select(labels => new SeriesSamples(labels, [new(at, Sample.Stale)]));

    private IEnumerable<SeriesSamples> Report(long at, double[] values) =>
        Reports.Select(
            (name, index) =>
                new SeriesSamples(target.On(Labels.Of([new(Labels.MetricName, name)])), [new(at, values[index])])
        );
}
