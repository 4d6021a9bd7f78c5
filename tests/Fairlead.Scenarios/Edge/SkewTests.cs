using System.Net;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using static Fairlead.Tests.Edge.EdgeSample;

namespace Fairlead.Scenarios.Edge;

/// <summary>A page of an old release keeps its assets after the switch.</summary>
public sealed class SkewTests : IAsyncLifetime
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fl-skew-");
    private EdgeUnderTest edge = null!; // Set before each test.

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        WriteRelease(41, "chunk-a1b2c3d4e5f6.js");
        WriteRelease(42, "chunk-f6e5d4c3b2a1.js");
        edge = await EdgeUnderTest.StartAsync();
        await DeployAsync(41);
    }

    public async ValueTask DisposeAsync()
    {
        await edge.DisposeAsync();
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_page_of_an_old_release_keeps_loading_its_assets_after_the_switch()
    {
        await using var chromium = await Chromium.StartAsync(Stop);
        await chromium.OpenAsync($"http://shop.example:{edge.Public.Port}/", Stop);
        Assert.Equal("41", await chromium.RunAsync("document.title", Stop));

        await DeployAsync(42);
        Assert.Equal("chunk of 41", await chromium.RunAsync("loadChunk()", Stop));
        Assert.Equal("settings of 41", await chromium.RunAsync("loadSettings()", Stop));
        Assert.Equal(
            "missing",
            await chromium.RunAsync("fetch('/chunk-000011112222.js').then(one => one.ok ? 'there' : 'missing')", Stop)
        );

        await chromium.OpenAsync($"http://shop.example:{edge.Public.Port}/?again", Stop);
        Assert.Equal("42", await chromium.RunAsync("document.title", Stop));
        Assert.Equal("chunk of 42", await chromium.RunAsync("loadChunk()", Stop));
        Assert.Equal("settings of 42", await chromium.RunAsync("loadSettings()", Stop));
    }

    [Fact]
    public async Task An_old_release_is_known_after_the_edge_was_started_again_and_only_by_its_assets()
    {
        await DeployAsync(42);
        await edge.StopAsync();
        await edge.RunAsync();
        Assert.Equal("200 api@41 export const says = 'chunk of 41';", await AskAsync("/chunk-a1b2c3d4e5f6.js"));
        Assert.Equal("200 api@42 export const says = 'settings of 42';", await AskAsync("/settings.js"));
        Assert.Equal(
            "200 api@41 export const says = 'settings of 41';",
            await AskAsync("/settings.js", "Fairlead-Release: api@41")
        );
        Assert.Equal("200 api@41 export const says = 'settings of 41';", await AskAsync("/settings.js?dpl=api@41"));
        Assert.Equal(
            "200 api@42 export const says = 'settings of 42';",
            await AskAsync("/settings.js", "Fairlead-Release: api@7")
        );
        Assert.Equal("404 api@42 There is no such file.", await AskAsync("/price-a1b2c3d4e5f6.pdf"));
        Assert.StartsWith(
            "200 api@42 <!doctype html><title>42",
            await AskAsync("/", "Fairlead-Release: api@41"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Without_skew_only_the_live_release_answers_and_leaves_no_cookie()
    {
        await DeployAsync(41, TimeSpan.Zero);
        using var page = await edge.Http.GetAsync("/", Stop);
        Assert.False(page.Headers.Contains("Set-Cookie"));
        await DeployAsync(42, TimeSpan.Zero);
        using var answer = await edge.Http.GetAsync("/chunk-a1b2c3d4e5f6.js", Stop);
        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
    }

    private async Task<string> AskAsync(string path, string? header = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (header?.Split(": ") is [var name, var value])
        {
            request.Headers.Add(name, value);
        }
        using var answer = await edge.Http.SendAsync(request, Stop);
        var text = await answer.Content.ReadAsStringAsync(Stop);
        return $"{(int)answer.StatusCode} {string.Join(',', answer.Headers.GetValues("Fairlead-Release"))} {text.Trim()}";
    }

    private Task DeployAsync(int since, TimeSpan? skew = null) =>
        edge.Router.ApplyAsync(
            Routing(
                Api(Backend(since, 100, [new Uri($"file://{folder.FullName}/{since}/")])) with
                {
                    Web = new WebSettings { Skew = skew ?? TimeSpan.FromHours(1) },
                }
            ),
            new Fence(1),
            Stop
        );

    private void WriteRelease(int number, string chunk)
    {
        var root = Directory.CreateDirectory(Path.Combine(folder.FullName, $"{number}")).FullName;
        File.WriteAllText(
            Path.Combine(root, "index.html"),
            $$"""
            <!doctype html><title>{{number}}</title>
            <script>
              window.loadChunk = () => import('/{{chunk}}').then(one => one.says);
              window.loadSettings = () => import('/settings.js').then(one => one.says);
            </script>
            """
        );
        File.WriteAllText(Path.Combine(root, chunk), $"export const says = 'chunk of {number}';");
        File.WriteAllText(Path.Combine(root, "settings.js"), $"export const says = 'settings of {number}';");
        if (number == 41)
        {
            File.WriteAllText(Path.Combine(root, "price-a1b2c3d4e5f6.pdf"), "withdrawn");
        }
    }
}
