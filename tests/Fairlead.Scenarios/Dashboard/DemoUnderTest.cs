using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Edge;

namespace Fairlead.Scenarios.Dashboard;

/// <summary>One demo server for all that looks at pages, and a browser in which its first owner is signed in.</summary>
public sealed class DemoUnderTest : IAsyncLifetime
{
    private static readonly TimeSpan ReadyMax = TimeSpan.FromSeconds(90);
    private Voyages.Platform? platform;
    private string? cookie;

    internal Voyages.Platform Platform => platform ?? throw new InvalidOperationException("It is not up.");

    /// <summary>Where pages are, by the name that passkeys and cookies are bound to.</summary>
    public string Address => $"http://localhost:{Platform.Api.Port}";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        platform = await Voyages.Platform.StartAsync(
            new Dictionary<string, string> { ["FAIRLEAD_SERVICE_MONITORS"] = "on" },
            "--demo"
        );
        var link = (string)(await platform.AskAsync("person", "invite", "--owner"))["link"]!;
        cookie = await SignInAsync(link.Split('#')[1]);
        // Every app has a live release, and something waits and something moves.
        var until = DateTimeOffset.UtcNow + ReadyMax;
        while (!await IsFullAsync())
        {
            Assert.True(DateTimeOffset.UtcNow < until, "The demo did not come to life.");
            await Task.Delay(500, Stop);
        }
    }

    /// <summary>The newest deployment of an app's production.</summary>
    public async Task<JsonNode> DeploymentAsync(string app) =>
        (await Platform.AskAsync("status", app, "--environment", "production"))["apps"]![0]!["deployment"]!;

    /// <summary>The first release of an app's production that is no history.</summary>
    public async Task<int> FirstAsync(string app) =>
        (await Platform.AskAsync("releases", app, "--environment", "production"))["releases"]!
            .AsArray()
            .Min(static one => (int)one!["release"]!);

    /// <summary>A browser in which the owner is signed in; the test is skipped where there is none.</summary>
    internal async Task<Chromium> BrowserAsync()
    {
        var browser = await Chromium.StartAsync(Stop);
        await browser.AskAsync("Network.enable", [], Stop);
        await browser.AskAsync("Log.enable", [], Stop);
        await browser.AskAsync("Runtime.enable", [], Stop);
        await browser.AskAsync(
            "Network.setCookie",
            new JsonObject
            {
                ["name"] = "fl_session",
                ["value"] = cookie,
                ["url"] = Address,
                ["httpOnly"] = true,
            },
            Stop
        );
        return browser;
    }

    /// <summary>A request as the owner's browser sends it.</summary>
    public HttpRequestMessage Request(HttpMethod method, string path)
    {
        var request = new HttpRequestMessage(method, Address + path);
        request.Headers.Add("Cookie", $"fl_session={cookie}");
        request.Headers.Add("Accept", "text/html");
        return request;
    }

    public async ValueTask DisposeAsync()
    {
        if (platform is not null)
        {
            await platform.DisposeAsync();
        }
    }

    private async Task<string> SignInAsync(string token)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, Address + "/identity/accept");
        request.Headers.Add("X-Fairlead", "1");
        request.Headers.Add("Origin", Address);
        request.Content = JsonContent.Create(
            new
            {
                token,
                name = "Noor Owner",
                email = "noor@example.org",
                password = "a rope of amber and blue",
            }
        );
        using var answer = await http.SendAsync(request, Stop);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync(Stop));
        return answer
            .Headers.GetValues("Set-Cookie")
            .First(static one => one.StartsWith("fl_session=", StringComparison.Ordinal))
            .Split(';')[0]["fl_session=".Length..];
    }

    private async Task<bool> IsFullAsync()
    {
        var apps = (await Platform.AskAsync("status"))["apps"]!.AsArray();
        var phases = apps.Select(static one => (string?)one!["deployment"]?["phase"]).ToList();
        return apps.Count == 8
            && apps.All(static one => one!["live"] is not null)
            && phases.Contains("rolling-out")
            && phases.Contains("awaiting-approval");
    }
}

/// <summary>One demo for all classes that name it, one after another.</summary>
[CollectionDefinition(nameof(SharedDemo))]
public sealed class SharedDemo : ICollectionFixture<DemoUnderTest>;
