using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Apps;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Problems;
using Fairlead.Model.Releases;

namespace Fairlead.Tests.Manifests;

/// <summary>Monitors from a manifest to what is looked at.</summary>
public sealed class MonitorsTests
{
    private static readonly EdgePlace Edge = new("127.0.0.1:8080", "127.0.0.1:8443");

    [Fact]
    public void Each_service_that_visitors_reach_has_one_by_itself_at_its_health_path_or_its_route() =>
        Assert.Equal(
            ["api http://shop.example.com/health 200-399", "web http://shop.example.com/pages 200-499"],
            Looked(
                """
                services:
                  api: { routes: [/] }
                  web: { routes: [/pages] }
                """
            )
        );

    [Fact]
    public void Sleepers_workers_and_those_that_are_told_so_have_none()
    {
        Assert.Equal(
            [],
            Looked(
                """
                services:
                  api: { routes: [/], replicas: { min: 0 } }
                  mails: {}
                """
            )
        );
        Assert.Equal([], Looked("monitors: off\nservices: { api: { routes: [/] } }"));
        Assert.Equal([], Looked("monitors: { api: off }\nservices: { api: { routes: [/] } }"));
    }

    [Fact]
    public void One_that_is_named_takes_the_place_of_a_services_own_and_a_path_is_at_the_apps_host() =>
        Assert.Equal(
            ["api http://shop.example.com/deep 201"],
            Looked(
                """
                monitors: { api: { url: /deep, expect: 201 } }
                services: { api: { routes: [/] } }
                """
            )
        );

    [Fact]
    public void By_ACME_it_is_looked_at_by_TLS_through_this_machines_edge()
    {
        var release = ReleaseOf("services: { api: { routes: [/] } }") with
        {
            Tls = new() { Mode = TlsMode.Auto, Https = new(true, null) },
        };
        var spec = Assert.Single(AppMonitorsOf.Release(release, Edge)).Spec;
        Assert.Equal(
            ("https://shop.example.com/health", "127.0.0.1:8443", false),
            (spec.Url, spec.Through, spec.Verify)
        );
    }

    private static AppMonitors Said() =>
        Shop.Load(
            Manifest(
                """
                monitors:
                  gateway: icmp://192.168.1.1
                  nightly: { push: true, every: 1d, grace: 2h }
                  here-only: { url: https://x.example.com, environments: [staging] }
                  all:
                    url: https://api.example.com/orders
                    every: 15s
                    timeout: 3s
                    retries: 0
                    dependsOn: gateway
                    method: POST
                    headers: { X-Probe: 'yes' }
                    send: '{}'
                    verify: false
                    expect:
                      status: [2xx, 304]
                      body: ok
                      lacks: error
                      matches: 'v[0-9]+'
                      json: { 'checks[0].status': ok }
                      headers: { content-type: json }
                      within: 500ms
                      tlsDays: 14
                services: { api: { routes: [/] } }
                """
            )
        ).Monitors!;

    [Fact]
    public void Everything_that_can_be_said_is_read()
    {
        var monitors = Said();
        Assert.Equal(["gateway", "nightly", "all"], monitors.Named.Select(one => one.Name));
        Assert.Equal(
            ("push:", TimeSpan.FromDays(1), TimeSpan.FromHours(2)),
            (monitors.Named[1].Url, monitors.Named[1].Every, monitors.Named[1].Grace)
        );
        var all = monitors.Named[2];
        Assert.Equal(
            ("POST", "{}", "yes", 0, false, "gateway"),
            (
                all.Request!.Method,
                all.Request.Send,
                all.Request.Headers["X-Probe"],
                all.Retries,
                all.Verify,
                all.DependsOn[0]
            )
        );
        Assert.Equal(
            ("200-299 304", "ok", "error", "v[0-9]+", "ok", "json", 500, 14),
            (
                string.Join(' ', all.Expect!.Status),
                all.Expect.Body,
                all.Expect.Lacks,
                all.Expect.Matches,
                all.Expect.Json["checks[0].status"],
                all.Expect.Headers["content-type"],
                (int)all.Expect.Within!.Value.TotalMilliseconds,
                all.Expect.TlsDays
            )
        );
    }

    [Theory]
    [InlineData("a: file:///etc/passwd", "manifest.monitor")]
    [InlineData("a: 'redis://:${PASSWORD}@10.0.0.5'", "manifest.monitor")]
    [InlineData("a: { url: https://x, every: 1s }", "manifest.monitor")]
    [InlineData("a: { url: https://x, dependsOn: a }", "manifest.monitor")]
    [InlineData("a: { url: https://x, expect: { matches: '(' } }", "manifest.monitor")]
    [InlineData("a: {}", "manifest.monitor")]
    [InlineData("a: { url: https://x, wait: 3 }", "manifest.unknown-key")]
    [InlineData("a: { url: https://x, expect: 999 }", "manifest.bad-value")]
    public void What_cannot_be_is_a_finding(string monitor, string code)
    {
        var problems = Assert
            .Throws<ProblemException>(() =>
                Shop.Load(Manifest($"monitors: {{ {monitor} }}\nservices: {{ api: {{ routes: [/] }} }}"))
            )
            .Problems;
        Assert.Equal(code, problems[0].Code);
        Assert.StartsWith("fairlead.yaml:", problems[0].Where, StringComparison.Ordinal);
    }

    [Fact]
    public void A_release_without_them_is_written_as_before()
    {
        var text = System.Text.Json.JsonSerializer.Serialize(
            ReleaseOf("services: { api: { routes: [/] } }"),
            Records.Json
        );
        Assert.DoesNotContain("onitors", text, StringComparison.Ordinal);
        var with = ReleaseOf("monitors: { gateway: icmp://192.168.1.1 }\nservices: { api: { routes: [/] } }");
        var again = System.Text.Json.JsonSerializer.Deserialize<Release>(
            System.Text.Json.JsonSerializer.Serialize(with, Records.Json),
            Records.Json
        );
        Assert.Equal("icmp://192.168.1.1", again!.Monitors!.Named[0].Url);
    }

    private static string Manifest(string rest) => $"app: shop\nhosts: [shop.example.com]\n{rest}\n";

    private static IEnumerable<string> Looked(string rest) =>
        AppMonitorsOf
            .Release(ReleaseOf(rest), Edge)
            .Select(one => $"{one.Spec.Name} {one.Spec.Url} {string.Join(' ', one.Spec.Expect?.Status ?? [])}")
            .Order(StringComparer.Ordinal);

    private static Release ReleaseOf(string rest)
    {
        var app = Shop.Load(Manifest(rest));
        return new()
        {
            Site = app.Site,
            Number = 1,
            Hosts = app.Hosts,
            Source = "/src",
            At = default,
            Monitors = app.Monitors,
            Services =
            [
                .. app.Services.Select(one => new ReleasedService(
                    one.Service,
                    new(one.Service.Name, 1),
                    "digest",
                    Fairlead.Engine.Deploying.Strategies.AllStrategies.Choice(one.Strategy)
                )),
            ],
        };
    }
}
