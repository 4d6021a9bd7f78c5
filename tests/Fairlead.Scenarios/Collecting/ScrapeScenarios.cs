using System.Net;
using Fairlead.Drivers.Telemetry.Hosts;
using Fairlead.Drivers.Telemetry.Scraping;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Fairlead.Scenarios.Collecting;

/// <summary>Real exporters are asked and understood.</summary>
public sealed class ScrapeScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Debians_node_exporter_is_read_and_our_own_figures_have_its_names_and_labels()
    {
        var (program, folder, port) = (
            RealPeer.Find("prometheus-node-exporter", "prometheus-node-exporter"),
            RealPeer.NewFolder(),
            RealPeer.FreePort()
        );
        // What it leaves out by its authors' defaults; Debian's leave out more, such as all disks under /mnt.
        await using var exporter = await RealPeer.StartAsync(
            (
                program,
                [
                    $"--web.listen-address=127.0.0.1:{port}",
                    "--collector.netdev.device-exclude=^$",
                    @"--collector.filesystem.mount-points-exclude=^/(dev|proc|run/credentials/.+|sys|var/lib/docker/.+|var/lib/containers/storage/.+)($|/)",
                    @"--collector.diskstats.device-exclude=^(z?ram|loop|fd|(h|s|v|xv)d[a-z]|nvme\d+n\d+p)\d+$",
                ]
            ),
            folder,
            () => RealPeer.ListensAsync(port)
        );
        using var scrapes = new HttpScrapes(_ => null);
        var theirs = await scrapes.ScrapeAsync(Target($"http://127.0.0.1:{port}/metrics"), Stop);
        Assert.True(theirs.Samples.Count > 100, $"{theirs.Samples.Count} samples");

        var ours = new MetricPage();
        new HostMeter(new World(TimeProvider.System, new Random(1))).Measure(ours);
        // Every series of a family that we have is there under the very labels, and no other.
        var families = ours.Samples.Select(one => one.Labels.Name).ToHashSet(StringComparer.Ordinal);
        var expected = theirs
            .Samples.Where(one => families.Contains(one.Labels.Name))
            .Select(one => one.Labels.ToString())
            .ToHashSet(StringComparer.Ordinal);
        var actual = ours.Samples.Select(one => one.Labels.ToString()).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], expected.Except(actual).Order(StringComparer.Ordinal));
        Assert.Equal([], actual.Except(expected).Order(StringComparer.Ordinal));
        Assert.All(
            ours.Samples.Where(one =>
                one.Labels.Name
                    is "node_memory_MemTotal_bytes"
                        or "node_boot_time_seconds"
                        or "node_filesystem_size_bytes"
            ),
            one => Assert.Equal(theirs.Samples.Single(other => other.Labels.Equals(one.Labels)).Value, one.Value)
        );
    }

    [Fact]
    public async Task Prometheus_itself_is_read()
    {
        await using var prometheus = await PrometheusPeer.StartAsync();
        using var scrapes = new HttpScrapes(_ => null);
        var page = await scrapes.ScrapeAsync(Target(prometheus.Url + "/metrics"), Stop);
        Assert.Contains(page.Samples, one => one.Labels.Name == "prometheus_build_info" && one.Value is 1);
        Assert.Equal(MetricKind.Histogram, page.AboutOf("prometheus_http_request_duration_seconds_bucket")?.Kind);
    }

    [Fact]
    public async Task What_cannot_be_taken_is_told_in_words()
    {
        await using var app = await ServeAsync();
        using var scrapes = new HttpScrapes(name => name == "TOKEN" ? "s3cret" : null);
        var ways = new Scrapes(new Dictionary<string, IScrapes> { ["http"] = scrapes });
        var at = app.Urls.Single();
        Assert.Equal("scrape.not-metrics", (await ProblemOfAsync(at + "/page")).Code);
        Assert.Equal("scrape.refused", (await ProblemOfAsync(at + "/nowhere")).Code);
        Assert.Equal("scrape.unreadable", (await ProblemOfAsync(at + "/broken")).Code);
        Assert.Equal("scrape.unreachable", (await ProblemOfAsync(at + "/bomb")).Code);
        Assert.Equal("scrape.too-slow", (await ProblemOfAsync(at + "/slow")).Code);
        Assert.Equal("scrape.unreachable", (await ProblemOfAsync($"http://127.0.0.1:{RealPeer.FreePort()}/")).Code);
        Assert.Equal("scrape.unknown-scheme", (await ProblemOfAsync("gopher://127.0.0.1/")).Code);
        Assert.Equal("scrape.refused", (await ProblemOfAsync(at + "/secret")).Code);
        var known = at.Replace("http://", "http://:${TOKEN}@", StringComparison.Ordinal) + "/secret";
        Assert.Equal(1, (await ways.ScrapeAsync(Target(known), Stop)).Samples.Single().Value);

        async Task<Problem> ProblemOfAsync(string url)
        {
            var caught = await Assert.ThrowsAsync<ProblemException>(() =>
                ways.ScrapeAsync(
                    Target(url) with
                    {
                        // Only the one that never answers is to be waited for in vain, however busy this machine is.
                        Timeout = TimeSpan.FromSeconds(url.EndsWith("/slow", StringComparison.Ordinal) ? 1 : 60),
                        Limits = new() { BodyBytesMax = 100_000 },
                    },
                    Stop
                )
            );
            Assert.DoesNotContain("s3cret", caught.Problem.ToString(), StringComparison.Ordinal);
            return caught.Problem;
        }
    }

    private static ScrapeTarget Target(string url) => new("test", "peer", url);

    private static async Task<WebApplication> ServeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        app.MapGet("/page", () => Results.Text("<html></html>", "text/html"));
        app.MapGet("/broken", () => Results.Text("a 1\nb{ 2\n", "text/plain"));
        app.MapGet(
            "/secret",
            (HttpRequest request) =>
                request.Headers.Authorization == "Bearer s3cret"
                    ? Results.Text("a 1\n", "text/plain")
                    : Results.StatusCode((int)HttpStatusCode.Unauthorized)
        );
        app.MapGet(
            "/slow",
            async (CancellationToken stop) =>
            {
                await Task.Delay(Timeout.Infinite, stop);
                return Results.Ok();
            }
        );
        // A megabyte of zeros in a thousand bytes.
        app.MapGet(
            "/bomb",
            async (HttpResponse response) =>
            {
                response.ContentType = "text/plain";
                response.Headers.ContentEncoding = "gzip";
                await using var gzip = new System.IO.Compression.GZipStream(
                    response.Body,
                    System.IO.Compression.CompressionLevel.Fastest,
                    leaveOpen: true
                );
                await gzip.WriteAsync(new byte[1024 * 1024]);
            }
        );
        await app.StartAsync(Stop);
        return app;
    }
}
