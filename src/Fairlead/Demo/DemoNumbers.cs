using System.Globalization;
using Fairlead.Drivers.State;
using Fairlead.Drivers.Stores;
using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;

namespace Fairlead.Demo;

/// <summary>Two weeks of numbers of a demo's traffic: requests by release, how many failed and how long they took, budgets, and what users' browsers measured.</summary>
internal static class DemoNumbers
{
    private static readonly TimeSpan Reach = TimeSpan.FromDays(14);
    private static readonly TimeSpan Step = TimeSpan.FromMinutes(5);

    // So the last hours can be looked at as closely as if they had been measured.
    private static readonly TimeSpan Fine = TimeSpan.FromHours(2);
    private static readonly TimeSpan FineStep = TimeSpan.FromSeconds(30);
    private static readonly double[] Edges = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.5, 1, 2.5];

    public static async Task WriteAsync(
        StateFolder state,
        (DateTimeOffset Now, Random Random) at,
        DemoDeliveries deliveries,
        Microsoft.Extensions.Logging.ILogger log,
        CancellationToken stop
    )
    {
        var clock = new PastClock(at.Now - Reach);
        await using var store = MetricStore.Open(
            Path.Combine(state.Telemetry, "metrics"),
            new(),
            new World(clock, at.Random),
            log
        );
        var services = DemoApps
            .All.SelectMany(app =>
                app.Environments.SelectMany(environment =>
                    app.Services.Select(service => new Counted(
                        new(app.Name, environment),
                        service.Name,
                        deliveries,
                        at.Random
                    ))
                )
            )
            .ToList();
        for (var now = at.Now - Reach; now < at.Now; now += at.Now - now <= Fine ? FineStep : Step)
        {
            clock.To(now);
            var step = at.Now - now <= Fine ? FineStep : Step;
            await store.AppendAsync([.. services.SelectMany(one => one.Pass(now, step))], stop);
        }
        await VitalsAsync(state, at, deliveries, stop);
    }

    private static async Task VitalsAsync(
        StateFolder state,
        (DateTimeOffset Now, Random Random) at,
        DemoDeliveries deliveries,
        CancellationToken stop
    )
    {
        var clock = new PastClock(at.Now - Reach);
        using var vitals = SqliteVitalStore.Open(
            Path.Combine(state.Telemetry, "vitals", "vitals.db"),
            new World(clock, at.Random)
        );
        for (var now = at.Now - Reach; now < at.Now; now += TimeSpan.FromHours(6))
        {
            clock.To(now);
            var views = new List<PageView>();
            foreach (var app in (string[])["storefront", "blog", "accounts"])
            {
                var site = new Site(app, "production");
                views.AddRange(
                    Enumerable
                        .Range(0, 12)
                        .Select(_ =>
                            Fairlead.Drivers.Demo.DemoViews.Of(site, deliveries.LiveAt(site, now) ?? 1, at.Random)
                        )
                );
            }
            await vitals.AddAsync(views, stop);
        }
    }

    /// <summary>Counters of a service, which rise as an edge's do.</summary>
    private sealed class Counted(Site site, string service, DemoDeliveries deliveries, Random random)
    {
        private const double Budget = 0.001;

        private readonly double[] below = new double[Edges.Length];
        private int release;
        private double ended;
        private double failed;
        private double seconds;
        private double everEnded;
        private double everFailed;

        public IEnumerable<SeriesSamples> Pass(DateTimeOffset now, TimeSpan step)
        {
            var live = deliveries.LiveAt(site, now) ?? 1;
            if (live != release)
            {
                // Another release's counters are others.
                (release, ended, failed, seconds) = (live, 0, 0, 0);
                Array.Clear(below);
            }
            Count(now, step);
            var source = new Source(site, service, new Part(service, release));
            var at = now.ToUnixTimeMilliseconds();
            SeriesSamples Of(string name, double value, params Label[] more) =>
                new(source.On(Labels.Of([new(Labels.MetricName, name), .. more])), [new Sample(at, value)]);
            yield return Of("fairlead_requests_ended_total", Math.Floor(ended));
            yield return Of("fairlead_requests_failed_total", Math.Floor(failed));
            yield return Of("fairlead_requests_lost_total", 0);
            for (var index = 0; index < Edges.Length; index++)
            {
                yield return Of(
                    "fairlead_request_duration_seconds_bucket",
                    Math.Floor(below[index]),
                    new Label("le", Edges[index].ToString(CultureInfo.InvariantCulture))
                );
            }
            yield return Of("fairlead_request_duration_seconds_bucket", Math.Floor(ended), new Label("le", "+Inf"));
            yield return Of("fairlead_request_duration_seconds_count", Math.Floor(ended));
            yield return Of("fairlead_request_duration_seconds_sum", seconds);
            if (site is { App: "storefront" or "payments" or "accounts", Environment: "production" })
            {
                yield return new(
                    Labels.Of([
                        new(Labels.MetricName, "fairlead_slo_budget_remaining_ratio"),
                        new("app", site.App),
                        new("environment", site.Environment),
                        new("service", service),
                        new("slo", "availability"),
                    ]),
                    [new Sample(at, Left)]
                );
            }
        }

        private double Left => 1 - everFailed / Math.Max(1, everEnded) / (site.App == "payments" ? 5 * Budget : Budget);

        private void Count(DateTimeOffset now, TimeSpan step)
        {
            var some =
                Fairlead.Drivers.Demo.DemoLoad.RateOf(site, now)
                * step.TotalSeconds
                * (0.92 + 0.16 * random.NextDouble());
            // An hour now and then in which something was wrong.
            var isBad = (now.ToUnixTimeSeconds() / 2_700 + site.App.Length * 31 + service.Length) % 197 == 3;
            // Some weeks are better than others.
            var usual = 0.00022 + 0.00016 * Math.Sin(now.ToUnixTimeSeconds() / 260_000.0 + site.App.Length);
            var lost = some * (isBad ? 0.024 : usual);
            (ended, failed) = (ended + some, failed + lost);
            (everEnded, everFailed) = (everEnded + some, everFailed + lost);
            var middle = 0.042 * (isBad ? 2.6 : 1) * (0.9 + release % 5 * 0.05);
            seconds += some * middle * 1.16;
            for (var index = 0; index < Edges.Length; index++)
            {
                // The part of a logarithmic normal curve that lies below the edge.
                var z = Math.Log(Edges[index] / middle) / 0.55;
                below[index] += some / (1 + Math.Exp(-1.702 * z));
            }
        }
    }
}
