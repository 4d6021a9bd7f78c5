using Fairlead.Drivers.Telemetry.Remote;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Collecting;

/// <summary>Samples go to real stores, and come back from one.</summary>
public sealed class RemoteScenarios
{
    private static readonly World World = new(TimeProvider.System, new Random(1));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    [Fact]
    public async Task A_prometheus_elsewhere_keeps_what_it_is_given_and_gives_it_back()
    {
        await using var prometheus = await PrometheusPeer.StartAsync();
        using var store = new RemoteMetrics(RemoteAddress.Read(prometheus.Url, _ => null));
        var now = Now;
        List<SeriesSamples> batch =
        [
            new(Named("a", ("job", "x")), [new(now - 2000, 1), new(now - 1000, 2.5), new(now, Sample.Stale)]),
            new(Named("a", ("job", "y")), [new(now - 1000, double.PositiveInfinity)]),
            new(Named("b", ("job", "x"), ("path", "/\"é\n")), [new(now - 1000, -1)]),
        ];
        Assert.Equal(5, (await store.AppendAsync(batch, Stop)).Taken);
        // Given again it changes nothing: what is older than the newest is not wanted, and keeps nothing else from being taken.
        var again = await store.AppendAsync(batch, Stop);
        Assert.Equal((3, 2), (again.Taken, again.Refused[RemoteMetrics.RefusedCode]));

        Assert.Equal(
            ["a{job=\"x\"} 1@-2000 2.5@-1000 stale@0", "a{job=\"y\"} Infinity@-1000"],
            await SelectAsync(store, now, new Matcher(MatchKind.Equal, "__name__", "a"))
        );
        Assert.Equal(
            ["a{job=\"y\"} Infinity@-1000"],
            await SelectAsync(store, now, new(MatchKind.Equal, "__name__", "a"), new(MatchKind.NotEqual, "job", "x"))
        );
        Assert.Equal(2, (await SelectAsync(store, now, new Matcher(MatchKind.Regex, "job", "x|z"))).Count);
        Assert.Equal(
            ["b{job=\"x\", path=\"/\\\"é\\n\"} -1@-1000"],
            await SelectAsync(
                store,
                now,
                new(MatchKind.NotRegex, "__name__", "a.*"),
                new(MatchKind.NotEqual, "path", "")
            )
        );
        // Both times included, and nothing outside of them.
        var (from, to) = (now - 2000, now - 1000);
        var columns = new SampleColumns();
        var series = await store.SelectAsync(
            [new(MatchKind.Equal, "job", "x"), new(MatchKind.Equal, "__name__", "a")],
            from,
            to,
            Stop
        );
        Assert.Single(series).Read(from, to, columns);
        Assert.Equal([from, to], columns.Times.ToArray());

        Assert.Equal(["__name__", "job", "path"], await store.LabelNamesAsync([], now - 5000, now, Stop));
        Assert.Equal(
            ["__name__", "job"],
            await store.LabelNamesAsync([new(MatchKind.Equal, "__name__", "a")], now - 5000, now, Stop)
        );
        Assert.Equal(["x", "y"], await store.LabelValuesAsync("job", [], now - 5000, now, Stop));
        Assert.Equal(
            ["x"],
            await store.LabelValuesAsync("job", [new(MatchKind.NotEqual, "path", "")], now - 5000, now, Stop)
        );
    }

    [Fact]
    public async Task What_a_store_elsewhere_cannot_take_or_answer_is_told_in_words()
    {
        await using var prometheus = await PrometheusPeer.StartAsync();
        using var store = new RemoteMetrics(RemoteAddress.Read(prometheus.Url, _ => null));
        var now = Now;
        await store.AppendAsync([new(Named("old"), [new(now, 1)])], Stop);
        Assert.Equal(
            1,
            (await store.AppendAsync([new(Named("old"), [new(now - 1000, 1)])], Stop)).Refused[
                RemoteMetrics.RefusedCode
            ]
        );
        var wrong = await Assert.ThrowsAsync<ProblemException>(() =>
            store.SelectAsync([new(MatchKind.Regex, "job", "(")], 0, now, Stop)
        );
        Assert.Equal("metrics.remote-not-answered", wrong.Problem.Code);
        using var nobody = new RemoteMetrics(
            RemoteAddress.Read($"http://ann:secret@127.0.0.1:{RealPeer.FreePort()}", _ => null)
        );
        var gone = await Assert.ThrowsAsync<ProblemException>(() =>
            nobody.AppendAsync([new(Named("a"), [new(now, 1)])], Stop)
        );
        Assert.Equal("metrics.remote-unreachable", gone.Problem.Code);
        Assert.DoesNotContain("secret", gone.Problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Samples_are_sent_on_to_prometheus_with_the_labels_of_this_place()
    {
        await using var prometheus = await PrometheusPeer.StartAsync();
        using var writer = Writer(prometheus.Url + "/api/v1/write");
        await WhileItRunsAsync(
            writer,
            async () =>
            {
                writer.Take([
                    new(Named("sent", ("job", "x")), [new(Now, 42)]),
                    new(Named("sent", ("region", "us")), [new(Now, 1)]),
                ]);
                await prometheus.AwaitAsync("sent{job=\"x\",region=\"eu\"}", value => value is 42);
                await prometheus.AwaitAsync("sent{region=\"us\"}", value => value is 1);
            }
        );
    }

    [Fact]
    public async Task Samples_are_sent_on_to_victoria_metrics()
    {
        var (program, folder, port) = (
            RealPeer.Find("victoria-metrics", "victoria-metrics"),
            RealPeer.NewFolder(),
            RealPeer.FreePort()
        );
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        await using var victoria = await RealPeer.StartAsync(
            (program, [$"-httpListenAddr=127.0.0.1:{port}", $"-storageDataPath={folder}/data"]),
            folder,
            async () => (await http.GetAsync("/health", Stop)).IsSuccessStatusCode
        );
        using var writer = Writer($"http://127.0.0.1:{port}/api/v1/write");
        await WhileItRunsAsync(
            writer,
            async () =>
            {
                writer.Take([new(Named("sent", ("job", "x")), [new(Now, 42)])]);
                // It shows the newest half minute only later, so what it exports is looked at.
                await RealPeer.UntilAsync(
                    async () =>
                        (await http.GetStringAsync("/api/v1/export?match[]=sent", Stop)).Contains(
                            "\"region\":\"eu\"",
                            StringComparison.Ordinal
                        ),
                    () => "it is not there"
                );
            }
        );
    }

    [Fact]
    public async Task While_the_other_is_away_samples_wait_the_oldest_give_way_and_a_refusal_is_not_repeated()
    {
        var answers = new Queue<int>([503, 429, 200, 400, 200]);
        var asked = new List<int>();
        await using var app = await AnswerAsync(answers, asked);
        using var writer = new RemoteWriter(
            RemoteAddress.Read(app.Urls.Single() + "/write", _ => null),
            World,
            NullLogger.Instance
        )
        {
            SamplesMax = 3,
        };
        for (var index = 0; index < 5; index++)
        {
            writer.Take([new(Named("a"), [new(index, index)])]);
        }
        Assert.Equal(("3", "2"), (Figure(writer, "waiting_samples"), Figure(writer, "dropped_samples_total")));
        await WhileItRunsAsync(
            writer,
            async () =>
            {
                await RealPeer.UntilAsync(
                    () => Task.FromResult(Figure(writer, "sent_samples_total") is "3"),
                    () => "not sent"
                );
                writer.Take([new(Named("a"), [new(9, 9)])]);
                await RealPeer.UntilAsync(
                    () => Task.FromResult(Figure(writer, "refused_samples_total") is "1"),
                    () => "not refused"
                );
                writer.Take([new(Named("a"), [new(10, 10)])]);
                await RealPeer.UntilAsync(
                    () => Task.FromResult(Figure(writer, "sent_samples_total") is "4"),
                    () => "not sent"
                );
            }
        );
        Assert.Equal([503, 429, 200, 400, 200], asked);
    }

    private static Labels Named(string name, params (string, string)[] labels) =>
        Labels.Of([new(Labels.MetricName, name), .. labels.Select(one => new Label(one.Item1, one.Item2))]);

    private static RemoteWriter Writer(string url) =>
        new(RemoteAddress.Read(url, _ => null), World, NullLogger.Instance) { ExternalLabels = [new("region", "eu")] };

    private static string Figure(RemoteWriter writer, string name)
    {
        var page = new MetricPage();
        writer.Measure(page);
        return page
            .Samples.Single(one => one.Labels.Name == $"fairlead_remote_write_{name}")
            .Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
    }

    private static async Task WhileItRunsAsync(IBackgroundWork work, Func<Task> does)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        var running = work.RunAsync(over.Token);
        try
        {
            await does();
        }
        finally
        {
            await over.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static async Task<WebApplication> AnswerAsync(Queue<int> answers, List<int> asked)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.MapPost(
            "/write",
            () =>
            {
                lock (asked)
                {
                    asked.Add(answers.Dequeue());
                    return Results.StatusCode(asked[^1]);
                }
            }
        );
        await app.StartAsync(Stop);
        return app;
    }

    private static async Task<IReadOnlyList<string>> SelectAsync(
        IMetricStore store,
        long now,
        params Matcher[] matchers
    )
    {
        var lines = new List<string>();
        foreach (var series in await store.SelectAsync(matchers, now - 5000, now, Stop))
        {
            var columns = new SampleColumns();
            series.Read(now - 5000, now, columns);
            var samples = columns.Times.ToArray().Zip(columns.Values.ToArray());
            lines.Add(
                $"{series.Labels} {string.Join(' ', samples.Select(one => FormattableString.Invariant($"{(Sample.IsStaleValue(one.Second) ? "stale" : one.Second)}@{one.First - now}")))}"
            );
        }
        return [.. lines.Order(StringComparer.Ordinal)];
    }
}
