using Fairlead.Engine.Watching.Scraping;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;
using Fairlead.Model.Telemetry;
using Fairlead.Tests.Deploying.Simulation;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Watching.Scraping;

/// <summary>Targets over simulated time.</summary>
public sealed class ScraperTests
{
    private static readonly ScrapeTarget Api = new("api", "127.0.0.1:9000", "http://127.0.0.1:9000/metrics")
    {
        Every = TimeSpan.FromSeconds(10),
    };

    private readonly SimulatedTime time = new(new Random(1));
    private readonly MetricsInMemory store = new();
    private readonly List<string> asked = [];
    private IReadOnlyList<ScrapeTarget> targets = [Api];
    private Queue<TimeSpan> news = new();
    private Func<ScrapeTarget, MetricPage> show = _ => Page(("a", 1));

    [Fact]
    public void A_target_is_asked_at_its_own_moments_and_each_series_bears_its_name()
    {
        Run(TimeSpan.FromSeconds(30));
        Assert.Equal(3, asked.Count);
        var moments = asked.Select(one => long.Parse(one, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.All(moments.Zip(moments.Skip(1)), pair => Assert.Equal(10_000, pair.Second - pair.First));
        Assert.Equal(
            [
                "a{instance=\"127.0.0.1:9000\", job=\"api\"} 1",
                "scrape_duration_seconds{instance=\"127.0.0.1:9000\", job=\"api\"} 0",
                "scrape_samples_post_metric_relabeling{instance=\"127.0.0.1:9000\", job=\"api\"} 1",
                "scrape_samples_scraped{instance=\"127.0.0.1:9000\", job=\"api\"} 1",
                "scrape_series_added{instance=\"127.0.0.1:9000\", job=\"api\"} 1",
                "up{instance=\"127.0.0.1:9000\", job=\"api\"} 1",
            ],
            At(moments[0])
        );
    }

    [Fact]
    public void A_scrape_that_fails_ends_all_series_and_says_so()
    {
        show = _ => asked.Count == 2 ? throw new ProblemException(Down) : Page(("a", 1));
        Run(TimeSpan.FromSeconds(30));
        Assert.Equal(["a 1", "a stale", "a 1"], Values("a"));
        Assert.Equal(["up 1", "up 0", "up 1"], Values("up"));
        Assert.Equal(
            ["scrape_series_added 1", "scrape_series_added 0", "scrape_series_added 1"],
            Values("scrape_series_added")
        );
    }

    [Fact]
    public void A_series_that_is_shown_no_more_ends()
    {
        show = _ => asked.Count == 1 ? Page(("a", 1), ("b", 2)) : Page(("a", 1));
        Run(TimeSpan.FromSeconds(30));
        Assert.Equal(["b 2", "b stale"], Values("b"));
    }

    [Fact]
    public void A_target_that_goes_ends_with_all_its_series()
    {
        show = _ =>
        {
            targets = [];
            return Page(("a", 1));
        };
        Run(TimeSpan.FromSeconds(30));
        Assert.Equal(["a 1", "a stale"], Values("a"));
        Assert.Equal(["up 1", "up stale"], Values("up"));
    }

    [Fact]
    public void While_nobody_can_say_what_there_is_what_is_known_is_asked_on()
    {
        show = _ =>
        {
            targets = null!;
            return Page(("a", 1));
        };
        Run(TimeSpan.FromSeconds(30));
        Assert.Equal(["a 1", "a 1", "a 1"], Values("a"));
    }

    [Fact]
    public void A_targets_own_times_are_kept_and_its_series_never_marked()
    {
        show = _ =>
        {
            var page = new MetricPage();
            if (asked.Count == 1)
            {
                page.Add(new(Labels.Of([new(Labels.MetricName, "a")]), 5, At: 1234));
            }
            return page;
        };
        Run(TimeSpan.FromSeconds(30));
        Assert.Equal(
            ["a{instance=\"127.0.0.1:9000\", job=\"api\"} 5 @1234"],
            store.Lines.Where(one => one.StartsWith("a{", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void Whose_numbers_they_are_is_stamped_over_what_the_target_says()
    {
        targets =
        [
            Api with
            {
                Source = Source.Of(new InstanceKey(new Site("shop", "production"), new Part("api", 42), 0)),
            },
        ];
        show = _ =>
        {
            var page = new MetricPage();
            page.Gauge("a", "", 1, ("release", "lie"), ("job", "mine"), ("path", "/"));
            return page;
        };
        Run(TimeSpan.FromSeconds(10));
        Assert.Equal(
            [
                "a{app=\"shop\", environment=\"production\", exported_job=\"mine\", exported_release=\"lie\", "
                    + "instance=\"127.0.0.1:9000\", job=\"api\", path=\"/\", release=\"42\", replica=\"0\", service=\"api\"} 1",
            ],
            At(long.Parse(asked[0], System.Globalization.CultureInfo.InvariantCulture))
                .Where(one => one.StartsWith("a{", StringComparison.Ordinal))
        );
    }

    [Fact]
    public void A_role_of_our_own_counts_from_zero_also_before_the_second_look_and_after_a_restart()
    {
        targets = [Api with { StartsAtZero = true }];
        show = _ =>
        {
            var page = new MetricPage();
            page.Gauge(ScrapeMemory.StartMetric, "", asked.Count < 4 ? 1 : Seconds - 3);
            page.Counter("old_total", "", asked.Count);
            if (asked.Count > 1)
            {
                page.Counter("new_total", "", 10 * asked.Count);
            }
            return page;
        };
        Run(TimeSpan.FromSeconds(40));
        Assert.Equal(["old_total 1", "old_total 2", "old_total 3", "old_total 0", "old_total 4"], Values("old_total"));
        Assert.Equal(
            ["new_total 0", "new_total 20", "new_total 30", "new_total 0", "new_total 40"],
            Values("new_total")
        );
    }

    [Fact]
    public void A_target_that_has_news_is_asked_at_once_and_goes_on_at_its_own_moments()
    {
        targets = [Api with { HasNews = true }];
        news = new([TimeSpan.FromMilliseconds(700), TimeSpan.FromMilliseconds(200), Timeout.InfiniteTimeSpan]);
        Run(TimeSpan.FromSeconds(30));
        var moments = asked.Select(one => long.Parse(one, System.Globalization.CultureInfo.InvariantCulture)).ToList();
        Assert.Equal(5, moments.Count);
        Assert.Equal(200, moments[1] - moments[0]);
        Assert.Equal([10_000, 10_000], moments.Skip(2).Zip(moments.Skip(3), static (one, next) => next - one));
    }

    [Fact]
    public void Who_cannot_be_asked_for_news_is_still_asked_for_numbers()
    {
        targets = [Api with { HasNews = true }];
        news = new([]); // Nobody answers.
        Run(TimeSpan.FromSeconds(30));
        Assert.Equal(3, asked.Count);
    }

    [Fact]
    public void Targets_are_spread_over_their_interval()
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var places = Enumerable
            .Range(0, 1000)
            .Select(index => ScrapeSchedule.Next(Api with { Instance = $"host-{index}" }, now) - now)
            .ToList();
        Assert.All(places, place => Assert.InRange(place, TimeSpan.FromMilliseconds(1), Api.Every));
        // Of ten equal slices none has more than twice its part.
        Assert.All(
            places.GroupBy(place => (int)(place.TotalSeconds - 0.0001)),
            slice => Assert.InRange(slice.Count(), 50, 200)
        );
    }

    private static readonly Problem Down = new("scrape.unreachable", "It is down.", "Nobody listens.", "Start it.");

    private double Seconds => time.GetUtcNow().ToUnixTimeMilliseconds() / 1000d;

    private static MetricPage Page(params (string Name, double Value)[] samples)
    {
        var page = new MetricPage();
        foreach (var (name, value) in samples)
        {
            page.Gauge(name, "", value);
        }
        return page;
    }

    private void Run(TimeSpan span) =>
        time.Run(
            async () =>
            {
                using var stop = new CancellationTokenSource(span, time);
                var scraper = new Scraper(
                    new Asked(this),
                    store,
                    _ => targets is null ? throw new ProblemException(Down) : Task.FromResult(targets),
                    new World(time, new Random(1)),
                    NullLogger.Instance
                );
                try
                {
                    await scraper.RunAsync(stop.Token);
                }
                catch (OperationCanceledException) { }
            },
            TimeSpan.FromHours(1)
        );

    private IEnumerable<string> At(long at) =>
        store.Lines.Where(one => one.EndsWith($" @{at}", StringComparison.Ordinal)).Select(one => one.Split(" @")[0]);

    private IEnumerable<string> Values(string name) =>
        store
            .Lines.Where(one => one.StartsWith(name + "{", StringComparison.Ordinal))
            .Select(one =>
                (
                    At: long.Parse(one.Split('@')[1], System.Globalization.CultureInfo.InvariantCulture),
                    Line: one.Split("} ")[1].Split(" @")[0]
                )
            )
            .OrderBy(one => one.At)
            .Select(one => $"{name} {one.Line}");

    private sealed class Asked(ScraperTests test) : IScrapes
    {
        public Task<MetricPage> ScrapeAsync(ScrapeTarget target, CancellationToken stop)
        {
            test.asked.Add(
                test.time.GetUtcNow()
                    .ToUnixTimeMilliseconds()
                    .ToString(System.Globalization.CultureInfo.InvariantCulture)
            );
            try
            {
                return Task.FromResult(test.show(target));
            }
            catch (ProblemException caught)
            {
                return Task.FromException<MetricPage>(caught);
            }
        }

        public async Task<bool> NewsAsync(ScrapeTarget target, CancellationToken stop)
        {
            if (!test.news.TryDequeue(out var after))
            {
                throw new ProblemException(Down);
            }
            await Task.Delay(after, test.time, stop);
            return true;
        }
    }
}
