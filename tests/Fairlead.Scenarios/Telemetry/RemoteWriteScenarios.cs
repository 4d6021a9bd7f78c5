using System.Net;
using Fairlead.Drivers.Intakes;
using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Faces.Intake;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Fairlead.Scenarios.Certificates;
using Fairlead.Scenarios.Dns;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Scenarios.Telemetry;

/// <summary>Debian's Prometheus writes what it scrapes to us.</summary>
public sealed class RemoteWriteScenarios : IAsyncLifetime
{
    private const string Key = "fl1c0ffee";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-prometheus-");
    private readonly int ours = PebbleUnderTest.FreePort();
    private readonly int theirs = PebbleUnderTest.FreePort();
    private readonly MetricNotes notes = new();
    private readonly World world = new(TimeProvider.System, new Random(1));
    private MetricStore store = null!;
    private WebApplication app = null!;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        store = MetricStore.Open(PathOf("metrics"), new MetricStoreSettings(), world, NullLogger.Instance);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, ours));
        app = builder.Build();
        IntakeFace.Map(
            app,
            [new RemoteWriteIntake(store, notes, world)],
            key => key == Key ? new Source(new Site("shop", "production")) : null
        );
        await app.StartAsync(Stop);
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await store.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_a_prometheus_scrapes_is_kept_with_the_stamp_of_its_key()
    {
        var program = PebbleUnderTest.Program("prometheus");
        Assert.SkipWhen(program is null, "prometheus is not installed (Debian package prometheus)");
        await File.WriteAllTextAsync(
            PathOf("prometheus.yml"),
            $$"""
            global: { scrape_interval: 1s }
            scrape_configs:
              - job_name: itself
                static_configs: [{ targets: ["127.0.0.1:{{theirs}}"] }]
            remote_write:
              - url: http://127.0.0.1:{{ours}}/api/v1/write
                authorization: { credentials: {{Key}} }
                metadata_config: { send: true, send_interval: 1s }
            """,
            Stop
        );
        await using var prometheus = await Peer.StartAsync(
            program!,
            [
                $"--config.file={PathOf("prometheus.yml")}",
                $"--storage.tsdb.path={PathOf("tsdb")}",
                $"--web.listen-address=127.0.0.1:{theirs}",
            ],
            theirs,
            Stop
        );

        var up = await FindAsync("up");

        Assert.Equal(
            $$"""up{app="shop", environment="production", instance="127.0.0.1:{{theirs}}", job="itself"}""",
            up.Labels.ToString()
        );
        Assert.NotEmpty((await store.LabelValuesAsync("le", [], 0, long.MaxValue, Stop)));
        Assert.Empty(store.Figures.Refused);
        Assert.Equal(MetricKind.Counter, (await AboutAsync("prometheus_http_requests_total")).Kind);
    }

    // Prometheus sends what it knows of metrics apart from their numbers, every second as it is told here.
    private async Task<MetricAbout> AboutAsync(string metric)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Patience);
        while (true)
        {
            if (notes.Of(metric) is { } about)
            {
                return about;
            }
            await Task.Delay(100, limit.Token);
        }
    }

    private async Task<ISeries> FindAsync(string metric)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        limit.CancelAfter(Patience);
        var columns = new SampleColumns();
        while (true)
        {
            foreach (var series in await store.SelectAsync(MatcherOf(metric), 0, long.MaxValue, limit.Token))
            {
                columns.Clear();
                series.Read(0, long.MaxValue, columns);
                // The first scrape may come before it listens.
                if (columns.Count > 1 && columns.Values[^1] == 1)
                {
                    return series;
                }
            }
            await Task.Delay(100, limit.Token);
        }
    }

    private static Matcher[] MatcherOf(string metric) => [new(MatchKind.Equal, Labels.MetricName, metric)];

    private string PathOf(string name) => Path.Combine(folder.FullName, name);
}
