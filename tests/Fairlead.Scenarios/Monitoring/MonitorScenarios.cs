using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Browsers;
using Fairlead.Model.Ports;
using Fairlead.Scenarios.Collecting;
using Voyage = Fairlead.Scenarios.Voyages.Platform;

namespace Fairlead.Scenarios.Monitoring;

/// <summary>A whole Fairlead looks at real servers, sees them die, remembers it over a restart and tells everybody.</summary>
public sealed class MonitorScenarios
{
    private const string Manifest = """
        app: shop
        services:
          web: { kind: web }
        monitors:
          home: { url: /, every: 5s, expect: { status: 200, headers: { content-type: text } } }
          nothing-there: { url: /no-such-page, every: 5s, retries: 0 }
        """;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_dies_is_down_with_its_reason_also_after_a_restart_and_on_the_page_for_everybody()
    {
        var (redis, redisPort) = (RealPeer.Find("redis-server", "redis-server"), RealPeer.FreePort());
        var folder = RealPeer.NewFolder();
        var (openssl, tlsPort) = (RealPeer.Find("openssl", "openssl"), RealPeer.FreePort());
        var (nginx, webPort) = (RealPeer.Find("nginx", "nginx"), RealPeer.FreePort());
        await using var redisPeer = await RealPeer.StartAsync(
            (redis, ["--port", Text(redisPort), "--bind", "127.0.0.1", "--requirepass", "s3cret", "--save", ""]),
            folder,
            () => RealPeer.ListensAsync(redisPort)
        );
        await using var old = await ExpiredAsync(openssl, tlsPort);
        await using var web = await NginxAsync(nginx, webPort);
        await using var platform = await Voyage.StartAsync(
            new Dictionary<string, string>
            {
                ["FAIRLEAD_SERVICE_MONITORS"] = "on",
                ["CACHE_PASSWORD"] = "s3cret",
                ["FAIRLEAD_REFERENCES"] = "127.0.0.1",
            }
        );
        var deployed = await platform.DeployAsync(platform.App("shop", Manifest));
        Assert.True(deployed.Code == 0, deployed.ToString());
        await AddAsync(
            platform,
            "cache",
            $"redis://:${{CACHE_PASSWORD}}@127.0.0.1:{Text(redisPort)}",
            "--depends-on",
            "port"
        );
        await AddAsync(platform, "certificate", $"tls://127.0.0.1:{Text(tlsPort)}");
        await AddAsync(
            platform,
            "static",
            $"http://127.0.0.1:{Text(webPort)}/",
            "--body",
            "Welcome",
            "--answer-header",
            "server: nginx"
        );
        await AddAsync(platform, "backup", "push:", "--grace", "5s");

        await StateAsync(platform, "shop/production/web", "up");
        await StateAsync(platform, "shop/production/home", "up");
        await StateAsync(platform, "shop/production/nothing-there", "down", "It answered 404");
        await StateAsync(platform, "cache", "up");
        await StateAsync(platform, "static", "up");
        await StateAsync(platform, "certificate", "down", "is good from 2024-01-01 to 2024-01-31 alone");
        await ReportsItselfAsync(platform);
        await NumbersAsync(platform);

        platform.Kill("server");
        await ShutDownAsync(redisPort);
        await StateAsync(platform, "port", "down");
        await StateAsync(platform, "cache", "unknown", "because port is down");
        await StateAsync(platform, "certificate", "down");
        await PageAsync(platform);
    }

    private static async Task ShutDownAsync(int redisPort)
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync("127.0.0.1", redisPort, Stop);
        await client.GetStream().WriteAsync("AUTH s3cret\r\nSHUTDOWN NOSAVE\r\n"u8.ToArray(), Stop);
        _ = await client.GetStream().ReadAsync(new byte[64], Stop);
        await RealPeer.UntilAsync(
            async () =>
            {
                try
                {
                    return !await RealPeer.ListensAsync(redisPort);
                }
                catch (System.Net.Sockets.SocketException)
                {
                    return true;
                }
            },
            () => "Redis does not end."
        );
    }

    private static async Task AddAsync(Voyage platform, string name, string url, params string[] more)
    {
        if (more is ["--depends-on", var way])
        {
            await AddAsync(platform, way, "tcp://" + url[(url.IndexOf('@', StringComparison.Ordinal) + 1)..]);
        }
        var added = await platform.RunAsync([
            "monitor",
            "add",
            url,
            "--name",
            name,
            "--every",
            "5s",
            "--retries",
            "0",
            .. more,
        ]);
        Assert.True(added.Code == 0, added.ToString());
        Assert.DoesNotContain("s3cret", added.Output + added.Messages, StringComparison.Ordinal);
    }

    private static async Task StateAsync(Voyage platform, string monitor, string state, string why = "")
    {
        var seen = "";
        await RealPeer.UntilAsync(
            async () =>
            {
                var list = await platform.RunAsync("monitor", "list", "--json");
                var rows = JsonNode.Parse(list.Output.Trim().Split('\n')[^1])?["data"]?["monitors"]?.AsArray();
                seen = list.ToString();
                return rows?.Any(one =>
                    one!["monitor"]!.GetValue<string>() == monitor
                    && one["state"]!.GetValue<string>() == state
                    && one["why"]!.GetValue<string>().Contains(why, StringComparison.Ordinal)
                )
                    is true;
            },
            () => $"{monitor} is not {state} {why}:\n{seen}"
        );
    }

    // curl at the end of a job at night is all it takes.
    private static async Task ReportsItselfAsync(Voyage platform)
    {
        var shown = await platform.AskAsync("monitor", "show", "backup");
        var path = shown["ping"]!.GetValue<string>();
        Assert.Equal("unknown", shown["monitor"]!["state"]!.GetValue<string>());
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Api}") };
        using var taken = await http.PostAsync(path, content: null, Stop);
        Assert.Equal(HttpStatusCode.OK, taken.StatusCode);
        using var guessed = await http.GetAsync("/ping/0123456789abcdef0123456789abcdef", Stop);
        Assert.Equal(HttpStatusCode.NotFound, guessed.StatusCode);
        await StateAsync(platform, "backup", "up");
        await StateAsync(platform, "backup", "down", "Its last sign of life was at");
    }

    private static async Task NumbersAsync(Voyage platform)
    {
        (string Query, string Value)[] expected =
        [
            ("fairlead_monitor_state{monitor=\"static\"}", "1"),
            ("fairlead_monitor_state{monitor=\"certificate\"}", "0"),
            ("probe_success{monitor=\"home\",app=\"shop\",environment=\"production\"}", "1"),
            ("probe_http_status_code{monitor=\"nothing-there\"}", "404"),
            ("probe_ssl_earliest_cert_expiry{monitor=\"certificate\"}", "1.7066592e+09"),
        ];
        foreach (var (query, value) in expected)
        {
            var seen = "";
            await RealPeer.UntilAsync(
                async () =>
                {
                    seen = (await platform.RunAsync("metric", "query", query, "--json")).ToString();
                    return seen.Contains($"\"{value}\"", StringComparison.Ordinal)
                        || seen.Contains($":{value}", StringComparison.Ordinal);
                },
                () => $"{query} is not {value}: {seen}"
            );
        }
    }

    private static async Task PageAsync(Voyage platform)
    {
        var set = await platform.RunAsync(
            "status",
            "page",
            "set",
            "public",
            "--title",
            "Shop <script>alert(1)</script>",
            "--component",
            "Shop: Storefront = shop/production/web",
            "--component",
            "Shop: Cache = cache",
            "--component",
            "Inside: Certificate = certificate",
            "--host",
            "status.localhost"
        );
        Assert.True(set.Code == 0, set.ToString());
        await platform.RunAsync("maintenance", "add", "New disks.", "--for", "2h", "--monitor", "cache");
        await StateAsync(platform, "cache", "maintenance");
        using var http = new HttpClient { BaseAddress = new Uri($"http://{platform.Api}") };
        using var page = await http.GetAsync("/status/public", Stop);
        var html = await page.Content.ReadAsStringAsync(Stop);
        Assert.Equal(
            (HttpStatusCode.OK, "public, max-age=15"),
            (page.StatusCode, page.Headers.CacheControl?.ToString())
        );
        Assert.Contains("Some systems have trouble", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", html, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", html, StringComparison.Ordinal);
        using var again = new HttpRequestMessage(HttpMethod.Get, "/status/public.json");
        using var json = await http.SendAsync(again, Stop);
        var data = JsonNode.Parse(await json.Content.ReadAsStringAsync(Stop))!;
        Assert.Equal(
            ["Storefront operational", "Cache maintenance", "Certificate down"],
            data["groups"]!
                .AsArray()
                .SelectMany(one => one!["components"]!.AsArray())
                .Select(one => $"{one!["label"]} {one["state"]}")
        );
        using var known = new HttpRequestMessage(HttpMethod.Get, "/status/public.rss");
        using var feed = await http.SendAsync(known, Stop);
        Assert.Contains(
            "<title>Maintenance: New disks.</title>",
            await feed.Content.ReadAsStringAsync(Stop),
            StringComparison.Ordinal
        );
        using var conditional = new HttpRequestMessage(HttpMethod.Get, "/status/public.rss");
        conditional.Headers.IfNoneMatch.Add(feed.Headers.ETag!);
        using var same = await http.SendAsync(conditional, Stop);
        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        await AtItsHostAsync(platform);
        await SeenAsync($"http://{platform.Api}/status/public");
    }

    // Through the edge, where nothing else is.
    private static async Task AtItsHostAsync(Voyage platform)
    {
        using var edge = new HttpClient { BaseAddress = new Uri($"http://{platform.Public}") };
        edge.DefaultRequestHeaders.Host = "status.localhost";
        (string Path, HttpStatusCode Status)[] expected =
        [
            ("/", HttpStatusCode.OK),
            ("/status/public.rss", HttpStatusCode.OK),
            ("/status/other", HttpStatusCode.NotFound),
            ("/healthz", HttpStatusCode.NotFound),
            ("/openapi.json", HttpStatusCode.NotFound),
            ("/ping/x", HttpStatusCode.NotFound),
        ];
        foreach (var (path, status) in expected)
        {
            using var answer = await edge.GetAsync(path, Stop);
            Assert.True(answer.StatusCode == status, $"{path}: {answer.StatusCode}");
        }
        using var posted = await edge.PostAsync("/api/monitor.list", new StringContent("{}"), Stop);
        Assert.Equal(HttpStatusCode.NotFound, posted.StatusCode);
    }

    // In a real browser: that its style is let in by its own policy, and what it looks like.
    private static async Task SeenAsync(string url)
    {
        var browsers = new Chromium(new World(TimeProvider.System, new Random(1)), Environment.GetEnvironmentVariable);
        if (browsers.TryFind() is null)
        {
            return; // The rest has been proven.
        }
        await using var browser = await browsers.OpenAsync(Stop);
        await using var page = await browser.OpenAsync(new(new Uri(url), 900, 900, IsStill: false), Stop);
        Assert.Equal(
            "\"block 6px\"",
            await page.RunAsync(
                "getComputedStyle(document.querySelector('.bars')).display + ' ' + getComputedStyle(document.querySelector('.overall')).borderLeftWidth",
                Stop
            )
        );
        if (Environment.GetEnvironmentVariable("FAIRLEAD_PICTURES") is { Length: > 0 } folder)
        {
            await File.WriteAllBytesAsync(Path.Combine(folder, "status.png"), await page.PictureAsync(Stop), Stop);
        }
    }

    private static async Task<RealPeer> ExpiredAsync(string openssl, int port)
    {
        var folder = RealPeer.NewFolder();
        await MakeExpiredAsync(openssl, folder);
        return await RealPeer.StartAsync(
            (
                openssl,
                [
                    "s_server",
                    "-accept",
                    $"127.0.0.1:{Text(port)}",
                    "-cert",
                    $"{folder}/cert.pem",
                    "-key",
                    $"{folder}/key.pem",
                    "-quiet",
                ]
            ),
            folder,
            () => RealPeer.ListensAsync(port)
        );
    }

    private static async Task MakeExpiredAsync(string openssl, string folder)
    {
        string[] request =
        [
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-keyout",
            $"{folder}/key.pem",
            "-out",
            $"{folder}/now.pem",
            "-subj",
            "/CN=localhost",
            "-days",
            "1",
        ];
        await RealPeer.RunAsync(openssl, request);
        await RealPeer.RunAsync(
            openssl,
            ["req", "-new", "-key", $"{folder}/key.pem", "-subj", "/CN=localhost", "-out", $"{folder}/csr.pem"]
        );
        // An authority of a moment, because only it takes days of the past.
        await File.WriteAllTextAsync(
            $"{folder}/ca.cnf",
            $"[ca]\ndefault_ca=d\n[d]\ndatabase={folder}/index.txt\nserial={folder}/serial\nnew_certs_dir={folder}\ndefault_md=sha256\npolicy=p\n[p]\ncommonName=supplied\n",
            Stop
        );
        await File.WriteAllTextAsync($"{folder}/index.txt", "", Stop);
        await File.WriteAllTextAsync($"{folder}/serial", "01\n", Stop);
        await RealPeer.RunAsync(
            openssl,
            [
                "ca",
                "-batch",
                "-config",
                $"{folder}/ca.cnf",
                "-selfsign",
                "-keyfile",
                $"{folder}/key.pem",
                "-in",
                $"{folder}/csr.pem",
                "-out",
                $"{folder}/cert.pem",
                "-startdate",
                "20240101000000Z",
                "-enddate",
                "20240131000000Z",
                "-notext",
            ]
        );
    }

    private static async Task<RealPeer> NginxAsync(string nginx, int port)
    {
        var folder = RealPeer.NewFolder();
        await File.WriteAllTextAsync($"{folder}/index.html", "<h1>Welcome</h1>", Stop);
        await File.WriteAllTextAsync(
            $"{folder}/nginx.conf",
            $$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}}
            daemon off; pid {{folder}}/pid; error_log stderr;
            events {}
            http {
              access_log off; client_body_temp_path {{folder}}/a; proxy_temp_path {{folder}}/b; fastcgi_temp_path {{folder}}/c; uwsgi_temp_path {{folder}}/d; scgi_temp_path {{folder}}/e;
              types { text/html html; }
              server { listen 127.0.0.1:{{Text(port)}}; root {{folder}}; }
            }
            """,
            Stop
        );
        return await RealPeer.StartAsync(
            (nginx, ["-c", $"{folder}/nginx.conf", "-p", folder]),
            folder,
            () => RealPeer.ListensAsync(port)
        );
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
