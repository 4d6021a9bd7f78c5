using System.Globalization;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Reporting;

/// <summary>Counts requests of services for goals, as the edge counted them.</summary>
public sealed class ServiceCounting(IMetricStore store)
{
    /// <summary>Samples before the period, so that what a counter rose by in its first moments is known.</summary>
    private static readonly long Before = (long)TimeSpan.FromHours(1).TotalMilliseconds;

    /// <summary>A counter, and what it is in a goal.</summary>
    /// <param name="Sign">0 for all, 1 for what is bad, -1 for what is not.</param>
    /// <param name="Bound">Of a histogram: the bucket, in seconds.</param>
    public sealed record Counter(string Name, int Sign, string? Bound = null);

    /// <summary>Something that is promised, and by which counters it is counted; the first of them counts all.</summary>
    public sealed record Objective(string Name, double Target, string Said, IReadOnlyList<Counter> Counters)
    {
        public ServiceGoal Goal(Site site, string service) => new(site, service, Name, Target, Said);
    }

    /// <summary>What a manifest promises.</summary>
    public static IEnumerable<Objective> Of(Slo slo)
    {
        if (slo.Availability is { } availability)
        {
            yield return new(
                "availability",
                availability,
                Percent(availability),
                [
                    new("fairlead_requests_ended_total", 0),
                    new("fairlead_requests_failed_total", 1),
                    new("fairlead_requests_lost_total", 1),
                ]
            );
        }
        if (slo.Fast is { } fast)
        {
            var bound = slo.Within.TotalSeconds.ToString(CultureInfo.InvariantCulture);
            yield return new(
                "latency",
                fast,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{Percent(fast)} within {slo.Within.TotalMilliseconds:0.#} ms"
                ),
                [
                    new("fairlead_request_duration_seconds_count", 0),
                    new("fairlead_request_duration_seconds_count", 1),
                    new("fairlead_request_duration_seconds_bucket", -1, bound),
                ]
            );
        }
    }

    /// <summary>Services that sent numbers; one without a name where none did.</summary>
    public async Task<IReadOnlyList<string>> ServicesAsync(
        Objective objective,
        Site site,
        TimeSlice period,
        CancellationToken stop
    )
    {
        var found = await store.LabelValuesAsync(
            Source.ServiceLabel,
            Matchers(site, null, objective.Counters[0]),
            period.From,
            period.To,
            stop
        );
        return found.Count > 0 ? found : [""];
    }

    /// <summary>Requests of a service in a period, those during announced work apart.</summary>
    public async Task<ServiceCounts> CountsAsync(
        Objective objective,
        (Site Site, string Service) what,
        (TimeSlice Period, IReadOnlyList<TimeSlice> Planned) when,
        CancellationToken stop
    )
    {
        var books = new List<RiseBook>();
        var samples = new SampleColumns();
        var (first, last) = (when.Period.From - Before, when.Period.To);
        foreach (var counter in objective.Counters)
        {
            var book = new RiseBook(when.Period, when.Planned);
            var matchers = Matchers(what.Site, what.Service, counter);
            foreach (var series in await store.SelectAsync(matchers, first, last, stop))
            {
                stop.ThrowIfCancellationRequested();
                samples.Clear();
                series.Read(first, last, samples);
                book.Take(samples);
            }
            books.Add(book);
        }
        var since = books.Min(static one => one.Earliest);
        books.ForEach(one => one.Settle(since));
        return Counts(books, objective.Counters, when);
    }

    private static ServiceCounts Counts(
        List<RiseBook> books,
        IReadOnlyList<Counter> counters,
        (TimeSlice Period, IReadOnlyList<TimeSlice> Planned) when
    )
    {
        var (all, tallies, known) = (books[0], new List<RequestTally>(), 0L);
        for (var place = 0; place < all.Rises.Count; place++)
        {
            var from = when.Period.From + place * RiseBook.Step;
            var to = Math.Min(from + RiseBook.Step, when.Period.To);
            if (all.Known[place])
            {
                known +=
                    to - from - when.Planned.Sum(one => Math.Max(0, Math.Min(one.To, to) - Math.Max(one.From, from)));
            }
            if (all.Rises[place] > 0)
            {
                var bad = books.Skip(1).Select((one, at) => counters[at + 1].Sign * one.Rises[place]).Sum();
                tallies.Add(
                    new(
                        DateTimeOffset.FromUnixTimeMilliseconds(from),
                        all.Rises[place],
                        Math.Clamp(bad, 0, all.Rises[place])
                    )
                );
            }
        }
        return new(
            tallies,
            TimeSpan.FromMilliseconds(known),
            all.Planned,
            Math.Max(0, books.Skip(1).Select((one, at) => counters[at + 1].Sign * one.Planned).Sum())
        );
    }

    private static IReadOnlyList<Matcher> Matchers(Site site, string? service, Counter counter) =>
        [
            new(MatchKind.Equal, Labels.MetricName, counter.Name),
            new(MatchKind.Equal, Source.AppLabel, site.App),
            new(MatchKind.Equal, Source.EnvironmentLabel, site.Environment),
            .. service is null ? [] : new[] { new Matcher(MatchKind.Equal, Source.ServiceLabel, service) },
            .. counter.Bound is { } bound ? [new Matcher(MatchKind.Equal, "le", bound)] : Array.Empty<Matcher>(),
        ];

    internal static string Percent(double value) =>
        $"{Math.Round(value * 100, 6).ToString(CultureInfo.InvariantCulture)} %";
}
