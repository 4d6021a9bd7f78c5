using System.Net;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Detecting;

using Platform = Fairlead.Scenarios.Voyages.Platform;

/// <summary>An attacker at a real edge, and one who is inside already.</summary>
public sealed class DetectionScenarios
{
    private static readonly string[] Tried =
    [
        "/.env",
        "/.git/config",
        "/wp-login.php",
        "/xmlrpc.php",
        "/phpmyadmin/index.php",
        "/cgi-bin/test.cgi",
        "/actuator/heapdump",
        "/vendor/phpunit/phpunit/src/Util/PHP/eval-stdin.php",
        "/solr/admin/info/system",
        "/manager/html",
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_scanner_is_kept_out_at_the_edge_and_others_behind_the_same_proxy_are_not()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App("shop", Manifest, "static-hello");
        var deployed = await platform.DeployAsync(folder);
        Assert.True(deployed.Code == 0, deployed.ToString());

        foreach (var path in Tried)
        {
            Assert.Equal(HttpStatusCode.NotFound, await AskAsync(platform, path, "93.184.216.34"));
        }
        await UntilAsync(async () => await AskAsync(platform, "/", "93.184.216.34") is HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.OK, await AskAsync(platform, "/", "93.184.216.35"));
        Assert.Equal(HttpStatusCode.OK, await AskAsync(platform, "/", client: null));

        var found = await FindingAsync(platform, "path-scan");
        Assert.Contains("93.184.216.34/32", found["what"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Contains("/.git/config", found["evidence"]!.AsArray().Select(one => one!.GetValue<string>()));

        // It holds with no server, and over a new edge.
        platform.Kill("server");
        platform.Kill("edge");
        await UntilAsync(async () => await AskAsync(platform, "/", "93.184.216.34") is HttpStatusCode.Forbidden);

        // The server comes back later than the edge.
        await UntilAsync(async () => (await platform.RunAsync("status")).Code == 0);
        var removed = await platform.RunAsync("block", "remove", "93.184.216.34/32");
        Assert.True(removed.Code == 0, removed.ToString());
        await UntilAsync(async () => await AskAsync(platform, "/", "93.184.216.34") is HttpStatusCode.OK);
        var added = await platform.RunAsync(
            "block",
            "add",
            "93.184.216.0/24",
            "--for",
            "1h",
            "--reason",
            "tries passwords"
        );
        Assert.True(added.Code == 0, added.ToString());
        await UntilAsync(async () => await AskAsync(platform, "/", "93.184.216.35") is HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task A_file_that_was_changed_in_a_live_release_and_a_port_that_nobody_gave_are_found()
    {
        await using var platform = await Platform.StartAsync();
        var folder = platform.App(
            "inside",
            "app: inside\nservices:\n  web: { kind: api, run: python3 app.py, health: / }\n"
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "app.py"), Program, Stop);
        var deployed = await platform.DeployAsync(folder);
        Assert.True(deployed.Code == 0, deployed.ToString());

        var port = await FindingAsync(platform, "open-port");
        Assert.Equal("medium", port["gravity"]!.GetValue<string>());

        // The first look, within a minute, remembers what the release is; to be sure that there was one, wait for two.
        await Task.Delay(TimeSpan.FromSeconds(65), Stop);
        var file = Directory
            .EnumerateFiles(Path.Combine(platform.State, "artifacts"), "app.py", SearchOption.AllDirectories)
            .Single();
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.AppendAllTextAsync(file, "\n# a back door\n", Stop);
        var changed = await FindingAsync(platform, "release-changed");
        Assert.Equal(
            ("high", "app.py has other content"),
            (changed["gravity"]!.GetValue<string>(), changed["evidence"]![0]!.GetValue<string>())
        );

        var closed = await platform.RunAsync(
            "finding",
            "close",
            changed["id"]!.GetValue<string>(),
            "--reason",
            "a test"
        );
        Assert.True(closed.Code == 0, closed.ToString());
        Assert.Equal(0, (await platform.RunAsync("audit", "verify")).Code);
    }

    private const string Manifest = """
        app: shop
        services:
          web:
            kind: web
            gateway: { trustedProxies: [127.0.0.0/8] }
        """;

    private const string Program = """
        import http.server, os, socket, threading

        class Answer(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"ok")

        back = socket.socket()
        back.bind(("0.0.0.0", 0))
        back.listen()
        http.server.ThreadingHTTPServer(("127.0.0.1", int(os.environ["PORT"])), Answer).serve_forever()
        """;

    private static async Task<HttpStatusCode?> AskAsync(Platform platform, string path, string? client)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, $"http://{platform.Public}{path}");
        request.Headers.Host = $"shop.localhost:{platform.Public.Port}";
        if (client is not null)
        {
            request.Headers.Add("X-Forwarded-For", client);
        }
        try
        {
            using var answer = await http.SendAsync(request, Stop);
            return answer.StatusCode;
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task<JsonNode> FindingAsync(Platform platform, string kind)
    {
        JsonNode? found = null;
        await UntilAsync(async () =>
        {
            var list = await platform.RunAsync("finding", "list", "--json");
            found =
                list.Code == 0
                    ? JsonNode.Parse(list.Output)!["data"]!["findings"]!
                        .AsArray()
                        .FirstOrDefault(one => one!["kind"]!.GetValue<string>() == kind)
                    : null;
            return found is not null;
        });
        return found!;
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        while (!await isSo())
        {
            await Task.Delay(500, Stop);
        }
    }
}
