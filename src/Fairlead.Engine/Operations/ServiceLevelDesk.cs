using System.Globalization;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Reporting;
using Fairlead.Model.Alerting;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Reads how goals were kept: goals of releases, requests as the edge counted them, announced work, and incidents of the journal.</summary>
internal static class ServiceLevelDesk
{
    /// <summary>Samples before the period, so that what a counter rose by in its first moments is known.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromHours(1);

    /// <summary>Releases whose goals are compared at most, for each site.</summary>
    private const int ReleasesMax = 200;

    /// <summary>All goals of a scope, and a line for each site that has none, or another than it had.</summary>
    public static async Task<(IReadOnlyList<ServiceLevel> Levels, IReadOnlyList<string> Notes)> ReadAsync(
        ServerSide server,
        ReportScope scope,
        CancellationToken stop
    )
    {
        var incidents = DeliveryEvents.Incidents(await ReportScopes.JournalAsync(server.Store, scope, stop));
        var works = (await server.Store.ListAsync(Maintenance.Collection, "", stop))
            .Select(Records.Read<Maintenance>)
            .ToList();
        var levels = new List<ServiceLevel>();
        var notes = new List<string>();
        foreach (
            var site in (await Sites.AllAsync(server, stop))
                .Select(static one => one.Site)
                .Where(scope.Has)
                .OrderBy(static one => $"{one}", StringComparer.Ordinal)
        )
        {
            var (goal, note) = await GoalAsync(server, site, scope, stop);
            if (note is not null)
            {
                notes.Add(note);
            }
            foreach (var (objective, counters) in goal is null ? [] : Objectives(goal))
            {
                foreach (var service in await ServicesAsync(server, (site, counters[0]), scope, stop))
                {
                    var planned = ServiceLevels.Planned(works, (site, service), (scope.From, scope.Until));
                    var counts = await CountsAsync(server, (site, service, counters), (scope, planned), stop);
                    levels.Add(
                        ServiceLevels.Of(
                            objective(site, service),
                            (scope.From, scope.Until),
                            planned,
                            counts,
                            incidents
                        )
                    );
                }
            }
        }
        return (levels, notes);
    }

    private sealed record Counter(string Name, int Sign, string? Bound = null);

    // The first counts all; what is bad is the sum of the others.
    private static IEnumerable<(Func<Site, string, ServiceGoal> Goal, Counter[] Counters)> Objectives(Slo slo)
    {
        if (slo.Availability is { } availability)
        {
            yield return (
                (site, service) => new(site, service, "availability", availability, Percent(availability)),
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
            yield return (
                (site, service) =>
                    new(
                        site,
                        service,
                        "latency",
                        fast,
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{Percent(fast)} within {slo.Within.TotalMilliseconds:0.#} ms"
                        )
                    ),
                [
                    new("fairlead_request_duration_seconds_count", 0),
                    new("fairlead_request_duration_seconds_count", 1),
                    new("fairlead_request_duration_seconds_bucket", -1, bound),
                ]
            );
        }
    }

    /// <summary>The goal at the end of the period, and what is to be said of it.</summary>
    private static async Task<(Slo? Goal, string? Note)> GoalAsync(
        ServerSide server,
        Site site,
        ReportScope scope,
        CancellationToken stop
    )
    {
        var lives = (await Sites.DeploymentsAsync(server, site, stop))
            .Where(one => one.Phase is DeploymentPhase.Promoted && one.EndedAt < scope.Until)
            .OrderBy(static one => one.EndedAt)
            .ToList();
        var before = lives.FindLastIndex(one => one.EndedAt <= scope.From);
        Slo? goal = null;
        var changes = new List<string>();
        var isFirst = true;
        foreach (var live in lives.Skip(Math.Max(0, before)).TakeLast(ReleasesMax))
        {
            var document = await server.Store.ReadAsync(Records.Releases, Memory.ReleaseKey(site, live.Release), stop);
            var next = document is null ? null : Records.Read<Release>(document).Watch?.Slo;
            // Freezing is no part of what users are promised.
            if (!isFirst && Promise(next) != Promise(goal))
            {
                changes.Add(
                    $"{site} promised {Promise(goal)} until release {live.Release} went live at {live.EndedAt:yyyy-MM-dd HH:mm}Z; it is judged by what it promised last."
                );
            }
            (goal, isFirst) = (next, false);
        }
        return goal is { Availability: null, Fast: null } or null
            ? (null, $"{site} has no goal.")
            : (goal, changes.Count > 0 ? string.Join(' ', changes) : null);
    }

    private static string Promise(Slo? slo) =>
        string.Join(
            " and ",
            new[]
            {
                slo?.Availability is { } availability ? Percent(availability) : null,
                slo?.Fast is { } fast
                    ? string.Create(
                        CultureInfo.InvariantCulture,
                        $"{Percent(fast)} within {slo.Within.TotalMilliseconds:0.#} ms"
                    )
                    : null,
            }.OfType<string>()
        )
            is { Length: > 0 } said
            ? said
            : "nothing";

    private static async Task<IReadOnlyList<string>> ServicesAsync(
        ServerSide server,
        (Site Site, Counter Counter) what,
        ReportScope scope,
        CancellationToken stop
    )
    {
        var found = await server.Metrics.Store.LabelValuesAsync(
            Source.ServiceLabel,
            Matchers(what.Site, null, what.Counter),
            scope.From.ToUnixTimeMilliseconds(),
            scope.Until.ToUnixTimeMilliseconds(),
            stop
        );
        return found.Count > 0 ? found : [""];
    }

    private static async Task<ServiceCounts> CountsAsync(
        ServerSide server,
        (Site Site, string Service, Counter[] Counters) what,
        (ReportScope Scope, IReadOnlyList<TimeSlice> Planned) when,
        CancellationToken stop
    )
    {
        var span = new TimeSlice(when.Scope.From.ToUnixTimeMilliseconds(), when.Scope.Until.ToUnixTimeMilliseconds());
        var books = new List<RiseBook>();
        var samples = new SampleColumns();
        foreach (var counter in what.Counters)
        {
            var book = new RiseBook(span, when.Planned);
            var first = span.From - (long)Before.TotalMilliseconds;
            foreach (
                var series in await server.Metrics.Store.SelectAsync(
                    Matchers(what.Site, what.Service, counter),
                    first,
                    span.To,
                    stop
                )
            )
            {
                stop.ThrowIfCancellationRequested();
                samples.Clear();
                series.Read(first, span.To, samples);
                book.Take(samples);
            }
            book.Settle();
            books.Add(book);
        }
        return Counts(books, what.Counters, (span.From, when.Planned));
    }

    private static ServiceCounts Counts(
        List<RiseBook> books,
        Counter[] counters,
        (long From, IReadOnlyList<TimeSlice> Planned) when
    )
    {
        var (all, tallies, known) = (books[0], new List<RequestTally>(), 0L);
        for (var place = 0; place < all.Rises.Count; place++)
        {
            var from = when.From + place * RiseBook.Step;
            if (all.Known[place])
            {
                var work = when.Planned.Sum(one =>
                    Math.Max(0, Math.Min(one.To, from + RiseBook.Step) - Math.Max(one.From, from))
                );
                known += RiseBook.Step - work;
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

    private static string Percent(double value) =>
        $"{Math.Round(value * 100, 6).ToString(CultureInfo.InvariantCulture)} %";
}
