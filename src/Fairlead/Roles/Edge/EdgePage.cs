using System.Globalization;
using Fairlead.Model.Apps;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Fairlead.Roles.Edge.Tls;

namespace Fairlead.Roles.Edge;

/// <summary>What the edge counted, as metrics. It is read from the counters that exist anyway: requests pay nothing for it.</summary>
internal sealed class EdgePage(Ledger ledger, Func<RouteTable> table, CertificateDesk certificates, TimeProvider clock)
{
    /// <summary>How long a part that is gone is still shown after its last request.</summary>
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(5);

    // Of the histogram's 368 buckets those that people name in goals; each is right within 6.25 %, as the histogram is.
    private static readonly TimeSpan[] Edges =
    [
        .. new[] { 1, 2.5, 5, 10, 25, 50, 75, 100, 150, 200, 250, 300, 400, 500, 750 }.Select(
            TimeSpan.FromMilliseconds
        ),
        .. new[] { 1, 1.5, 2, 2.5, 5, 10, 30, 60 }.Select(TimeSpan.FromSeconds),
    ];

    private static readonly MetricAbout Duration = new(
        "fairlead_request_duration_seconds",
        MetricKind.Histogram,
        "Time to the first byte of an answer, as the edge saw it. Buckets are right within 6.25 %, the sum within 3 %."
    );

    private readonly Lock gate = new();
    private readonly Dictionary<(Site Site, Part Part), (TrafficCounts Counts, DateTimeOffset At)> gone = [];

    public void Measure(MetricPage page)
    {
        lock (gate)
        {
            MeasureAll(page);
        }
    }

    private void MeasureAll(MetricPage page)
    {
        foreach (
            var (site, part, meter) in ledger.Meters.OrderBy(one => $"{one.Site} {one.Part}", StringComparer.Ordinal)
        )
        {
            var total = meter.Total.Read();
            if (!meter.IsAbsent)
            {
                gone.Remove((site, part));
            }
            if (!meter.IsAbsent || IsFresh((site, part), total))
            {
                Show(
                    page,
                    meter,
                    total,
                    [.. new Source(site, part.Service, part).Stamp.Select(one => (one.Name, one.Value))]
                );
            }
        }
        foreach (var site in table().All.Select(one => one.Site))
        {
            ShowSite(page, site);
        }
        foreach (var held in certificates.Book.Certificates.Select(one => one.Held))
        {
            foreach (var host in held.Hosts)
            {
                page.Gauge(
                    "fairlead_certificate_expiry_timestamp_seconds",
                    "When the certificate in use for a host ends.",
                    held.NotAfter.ToUnixTimeSeconds(),
                    ("host", host),
                    ("issuer", held.Issuer)
                );
            }
        }
    }

    private bool IsFresh((Site, Part) id, TrafficCounts now)
    {
        var moment = clock.GetUtcNow();
        if (!gone.TryGetValue(id, out var known) || known.Counts != now)
        {
            gone[id] = known = (now, moment);
        }
        return moment - known.At < Remembered;
    }

    private static void Show(MetricPage page, PartMeter meter, TrafficCounts total, (string, string)[] labels)
    {
        var (classes, latency) = meter.ReadEver();
        for (var index = 0; index < classes.Count; index++)
        {
            if (classes[index] > 0 || index == 1)
            {
                page.Counter(
                    "fairlead_requests_total",
                    "Requests that the edge carried, by the class of their answer. Abandoned ones are in none.",
                    classes[index],
                    [.. labels, ("code", string.Create(CultureInfo.InvariantCulture, $"{index + 1}xx"))]
                );
            }
        }
        Counts(page, total, labels);
        var (cumulative, next) = (0L, 0);
        foreach (var edge in Edges)
        {
            for (var last = LatencyHistogram.Index(edge); next <= last; next++)
            {
                cumulative += next < latency.Buckets.Count ? latency.Buckets[next] : 0;
            }
            page.Add(
                Duration,
                "_bucket",
                cumulative,
                [.. labels, ("le", edge.TotalSeconds.ToString(CultureInfo.InvariantCulture))]
            );
        }
        page.Add(Duration, "_bucket", latency.Count, [.. labels, ("le", "+Inf")]);
        page.Add(Duration, "_sum", SumOf(latency), labels);
        page.Add(Duration, "_count", latency.Count, labels);
        if (meter.Mirrored.Read() is { } mirrored)
        {
            page.Counter(
                "fairlead_requests_mirrored_total",
                "Copies of requests that a release was shown.",
                mirrored.Sent,
                labels
            );
            page.Counter(
                "fairlead_requests_mirrored_failed_total",
                "Copies that were answered with 500 or above, or not at all.",
                mirrored.Failed,
                labels
            );
        }
    }

    private static void Counts(MetricPage page, TrafficCounts total, (string, string)[] labels)
    {
        page.Counter(
            "fairlead_requests_ended_total",
            "Requests that are over, abandoned ones included.",
            total.Requests,
            labels
        );
        page.Counter(
            "fairlead_requests_failed_total",
            "Requests that the app answered with 500 or above.",
            total.Failed,
            labels
        );
        page.Counter(
            "fairlead_requests_lost_total",
            "Requests that the edge had to answer for the app, or that broke off.",
            total.Lost,
            labels
        );
        page.Counter(
            "fairlead_requests_retried_total",
            "Requests that got their answer only from a second replica.",
            total.Retried,
            labels
        );
        page.Counter("fairlead_requests_cut_total", "Requests that were ended by a drain limit.", total.Cut, labels);
    }

    private void ShowSite(MetricPage page, Site site)
    {
        (string, string)[] labels = [.. new Source(site).Stamp.Select(one => (one.Name, one.Value))];
        page.Counter(
            "fairlead_requests_unanswered_total",
            "Requests to the site that found no release to answer them.",
            ledger.Elsewhere(site).Read().Requests,
            labels
        );
        foreach (var replica in ledger.Replicas.Where(one => one.Key.Site == site).GroupBy(one => one.Key))
        {
            (string, string)[] own = [.. Source.Of(replica.Key).Stamp.Select(one => (one.Name, one.Value))];
            page.Gauge(
                "fairlead_requests_in_flight",
                "Requests and streams on their way.",
                replica.Sum(one => one.InFlight),
                own
            );
            page.Gauge(
                "fairlead_replica_up",
                "1 when the edge finds the replica up, else 0.",
                replica.Any(one => one.IsUp) ? 1 : 0,
                own
            );
            page.Gauge(
                "fairlead_replica_ejected",
                "1 while the replica gets no requests for how it answered, else 0.",
                replica.Any(one => one.Outlook.IsEjected) ? 1 : 0,
                own
            );
        }
        foreach (var (service, parked) in ledger.Parked(site))
        {
            (string, string)[] own = [.. new Source(site, service).Stamp.Select(one => (one.Name, one.Value))];
            page.Gauge(
                "fairlead_requests_parked",
                "Requests that wait because their service is held or asleep.",
                parked.Now,
                own
            );
            page.Counter("fairlead_requests_parked_total", "Requests that came to wait.", parked.Ever, own);
        }
        foreach (var service in table().Find(site)?.Services ?? [])
        {
            foreach (var backend in service.Backends)
            {
                page.Gauge(
                    "fairlead_share_ratio",
                    "The part of the service's traffic that a release gets.",
                    backend.Share.Percent / 100d,
                    [.. new Source(site, service.Service, backend.Part).Stamp.Select(one => (one.Name, one.Value))]
                );
            }
        }
    }

    // From the middle of each bucket: no request pays for an exact sum.
    private static double SumOf(LatencyHistogram latency)
    {
        var seconds = 0d;
        for (var index = 0; index < latency.Buckets.Count; index++)
        {
            if (latency.Buckets[index] > 0)
            {
                var upper = LatencyHistogram.UpperEdge(index);
                var lower = index == 0 ? TimeSpan.Zero : LatencyHistogram.UpperEdge(index - 1);
                seconds += latency.Buckets[index] * (lower + upper).TotalSeconds / 2;
            }
        }
        return seconds;
    }
}
