using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Edge;
using Fairlead.Scenarios.Telemetry;

namespace Fairlead.Scenarios.Voyages;

/// <summary>What pages and programs that Fairlead runs tell of themselves, found by asking.</summary>
public sealed class RealUserScenarios
{
    private const string Person =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 Safari/537.36";

    private const string Site = """
        app: kiosk
        services:
          web: { kind: web, path: ./site }
        """;

    private const string Program = """
        app: till
        services:
          web:
            kind: web
            path: .
            health: /healthz
            run: node till.cjs
            env: { NODE_PATH: "MODULES" }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_tells_how_fast_it_was_and_the_release_is_the_one_that_answered()
    {
        await using var chromium = await Chromium.StartAsync(Stop, Person);
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("kiosk", Site, "static-hello");
        foreach (var release in (int[])[1, 2])
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "site", "index.html"), Page(release), Stop);
            var deployed = await platform.DeployAsync(folder);
            Assert.True(deployed.Code == 0, deployed.ToString());
            await chromium.OpenAsync($"http://kiosk.localhost:{platform.Public.Port}/?of={release}", Stop);
            await chromium.RunAsync("new Promise(done => setTimeout(done, 300))", Stop);
            await chromium.PressAsync(20, 20, Stop);
            await chromium.RunAsync("new Promise(done => setTimeout(done, 300))", Stop);
            // Leaving a page is what sends its beacon.
            await chromium.OpenAsync("data:text/html,gone", Stop);
        }

        JsonArray vitals = [];
        await EdgeUnderTest.UntilAsync(async () =>
        {
            vitals = (await platform.AskAsync("vital", "show", "kiosk"))["vitals"]!.AsArray();
            return vitals.Count == 2;
        });
        Assert.Equal(
            ["release 1", "release 2"],
            vitals.Select(one => (string)one!["of"]!).Order(StringComparer.Ordinal)
        );
        Assert.All(vitals, one => Assert.Equal((1, 1), ((int)one!["views"]!, (int)one["errors"]!)));
        Assert.All(vitals, one => Assert.EndsWith("ms, good", (string)one!["lcp"]!, StringComparison.Ordinal));
        Assert.All(vitals, one => Assert.EndsWith("ms, good", (string)one!["ttfb"]!, StringComparison.Ordinal));
        Assert.All(vitals, one => Assert.Matches("^[0-9]+ ms, ", (string)one!["inp"]!));
        Assert.All(vitals, one => Assert.EndsWith("good", (string)one!["cls"]!, StringComparison.Ordinal));
        var routes = (await platform.AskAsync("vital", "show", "kiosk", "--by", "route"))["vitals"]!.AsArray();
        Assert.Equal("/", (string)Assert.Single(routes)!["of"]!);
    }

    [Fact]
    public async Task Who_does_not_want_to_be_watched_is_not_and_nor_are_programs()
    {
        await using var platform = await Platform.StartAsync();
        var deployed = await platform.DeployAsync(platform.App("kiosk", Site, "static-hello"));
        Assert.True(deployed.Code == 0, deployed.ToString());

        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}/") };
        http.DefaultRequestHeaders.Host = "kiosk.localhost";
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(http, "/private", ("User-Agent", Person), ("DNT", "1")));
        Assert.Equal(
            HttpStatusCode.NoContent,
            await SendAsync(http, "/private", ("User-Agent", Person), ("Sec-GPC", "1"))
        );
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(http, "/private", ("User-Agent", "Googlebot/2.1")));
        Assert.Equal(
            HttpStatusCode.NoContent,
            await SendAsync(http, "/private", ("User-Agent", Person), ("Sec-Fetch-Site", "cross-site"))
        );
        Assert.Equal(
            HttpStatusCode.RequestEntityTooLarge,
            await SendAsync(http, new string('x', 5000), ("User-Agent", Person))
        );
        Assert.Equal(HttpStatusCode.NoContent, await SendAsync(http, "/public/4711", ("User-Agent", Person)));

        JsonArray vitals = [];
        await EdgeUnderTest.UntilAsync(async () =>
        {
            vitals = (await platform.AskAsync("vital", "show", "kiosk", "--by", "route"))["vitals"]!.AsArray();
            return vitals.Count > 0;
        });
        Assert.Equal("/public/:id", (string)Assert.Single(vitals)!["of"]!);

        using var script = await http.GetAsync("/.fairlead/vitals.js", Stop);
        Assert.Equal(
            new MediaTypeHeaderValue("text/javascript") { CharSet = "utf-8" },
            script.Content.Headers.ContentType
        );
        Assert.Equal(HttpStatusCode.NotFound, (await http.GetAsync("/.fairlead/else", Stop)).StatusCode);
    }

    [Fact]
    public async Task A_page_sends_errors_to_its_own_site_and_the_maps_that_were_deployed_explain_them()
    {
        NpmPeers.Need("@sentry/browser", "esbuild");
        await using var chromium = await Chromium.StartAsync(Stop, Person);
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("kiosk", Site, "static-hello");
        var assets = await NpmPeers.BundleAsync(
            Path.Combine(folder, "source"),
            """
            import * as Sentry from '@sentry/browser';
            Sentry.init({ dsn: 'https://nobody@nowhere.example/1', release: 'kiosk@1', tunnel: '/.fairlead/errors' });
            function priceOf(item) { if (item.price === undefined) throw new TypeError(`no price for ${item.name}`); return item.price; }
            function totalOf(items) { let sum = 0; for (const item of items) sum += priceOf(item); return sum; }
            window.pay = () => { try { totalOf([{ name: 'mug' + Math.random() }]); } catch (error) { Sentry.captureException(error); } return Sentry.flush(10000).then(String); };
            """,
            Stop
        );
        Directory.Move(assets, Path.Combine(folder, "site", "assets"));
        var script = Path.GetFileName(
            Directory.EnumerateFiles(Path.Combine(folder, "site", "assets"), "*.js").Single()
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "site", "index.html"),
            $"<!doctype html><title>kiosk</title><script src='/assets/{script}'></script>",
            Stop
        );
        var deployed = await platform.DeployAsync(folder);
        Assert.True(deployed.Code == 0, deployed.ToString());
        await chromium.OpenAsync($"http://kiosk.localhost:{platform.Public.Port}/", Stop);
        Assert.Equal("true", await chromium.RunAsync("pay()", Stop));

        JsonArray errors = [];
        await EdgeUnderTest.UntilAsync(async () =>
        {
            errors = (await platform.AskAsync("error", "list", "kiosk"))["errors"]!.AsArray();
            return errors.Count > 0;
        });
        var one = Assert.Single(errors)!;
        Assert.Equal((1, 1), ((int)one["count"]!, (int)one["release"]!));
        Assert.StartsWith("priceOf in ", (string)one["where"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_uses_Sentrys_library_is_heard_without_any_set_up()
    {
        NpmPeers.Need("@sentry/node");
        await using var platform = await Platform.StartAsync();
        var folder = platform.App(
            "till",
            Program.Replace("MODULES", NpmPeers.Modules, StringComparison.Ordinal),
            "node-hello"
        );
        await File.WriteAllTextAsync(
            Path.Combine(folder, "till.cjs"),
            """
            const Sentry = require('@sentry/node');
            Sentry.init();
            function pay(order) { throw new TypeError(`order ${order} has no total`); }
            require('http').createServer((request, response) => {
                if (request.url === '/pay') { try { pay(Math.random()); } catch (error) { Sentry.captureException(error); } }
                Sentry.flush(2000).then(() => response.end('ok\n'));
            }).listen(process.env.PORT);
            """,
            Stop
        );
        var deployed = await platform.DeployAsync(folder);
        Assert.True(deployed.Code == 0, deployed.ToString());
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}/") };
        http.DefaultRequestHeaders.Host = "till.localhost";
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("ok\n", await http.GetStringAsync("/pay", Stop));
        }

        var listed = await platform.AskAsync("error", "list", "till", "--release", "1");
        var one = Assert.Single(listed["errors"]!.AsArray())!;
        Assert.Equal((3, 1, 1), ((int)one["count"]!, (int)one["release"]!, (int)listed["newErrors"]!));
        Assert.StartsWith("TypeError: order", (string)one["title"]!, StringComparison.Ordinal);
        var id = (string)one["id"]!;
        var shown = await platform.AskAsync("error", "show", id);
        Assert.Contains("type TypeError", shown["groupedBy"]!.AsArray().Select(part => (string)part!));
        Assert.Contains("pay", (string)shown["error"]!["where"]!, StringComparison.Ordinal);
        Assert.Equal("ann", (string)(await platform.AskAsync("error", "assign", id, "--to", "ann"))["assignee"]!);
        Assert.Equal("resolved", (string)(await platform.AskAsync("error", "resolve", id))["status"]!);
        Assert.Empty((await platform.AskAsync("error", "list", "till"))["errors"]!.AsArray());

        platform.Kill("server"); // What was kept is kept.
        await http.GetStringAsync("/pay", Stop);
        await EdgeUnderTest.UntilAsync(async () =>
        {
            await http.GetStringAsync("/pay", Stop);
            return (string)(await platform.AskAsync("error", "show", id))["error"]!["status"]! == "regressed";
        });
    }

    private static async Task<HttpStatusCode> SendAsync(
        HttpClient http,
        string path,
        params (string Name, string Value)[] headers
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/.fairlead/vitals")
        {
            Content = new StringContent(
                new JsonObject
                {
                    ["p"] = path,
                    ["v"] = new JsonObject { ["LCP"] = 100 },
                }.ToJsonString()
            ),
        };
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        using var answer = await http.SendAsync(request, Stop);
        return answer.StatusCode;
    }

    private static string Page(int release) =>
        $$"""
            <!doctype html><html lang="en"><head><meta charset="utf-8"><title>kiosk {{release}}</title>
            <script src="/.fairlead/vitals.js"></script></head>
            <body><h1>Kiosk {{release}}</h1><p>One paragraph is the largest thing on this page.</p>
            <script>setTimeout(() => { throw new Error('nobody catches this'); }, 50);</script></body></html>
            """;
}
