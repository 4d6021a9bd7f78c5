using System.Diagnostics;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Edge;

namespace Fairlead.Scenarios.Dashboard;

/// <summary>Pages stay as things are: within a second, over a killed server, and with the numbers that the API gives.</summary>
[Collection(nameof(SharedDemo))]
public sealed class LiveScenarios(DemoUnderTest demo)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_page_shows_an_event_within_a_second_and_keeps_what_is_typed()
    {
        await using var browser = await demo.BrowserAsync();
        await browser.OpenAsync($"{demo.Address}/ui/incidents", Stop);
        await UntilAsync(browser, "document.getElementById('line').textContent === 'Live'");
        await browser.RunAsync(
            "document.querySelector('.act').open = true; document.querySelector('.act input[name=\"in.title\"]').value = 'half a sen'; document.querySelector('.act input[name=\"in.title\"]').focus()",
            Stop
        );
        await browser.RunAsync(
            "window.seen = new Promise((done) => new MutationObserver(() => { if (document.querySelector('main').textContent.includes('Ropes are slack')) done(Date.now()); }).observe(document.querySelector('main'), { subtree: true, childList: true, characterData: true })); 'yes'",
            Stop
        );
        using var http = new HttpClient();
        using var open = new HttpRequestMessage(HttpMethod.Post, demo.Address + "/api/incident.open");
        open.Headers.Add(
            "Authorization",
            $"Bearer {(await File.ReadAllTextAsync(Path.Combine(demo.Platform.State, "api-token"), Stop)).Trim()}"
        );
        open.Content = new StringContent(
            """{"title":"Ropes are slack"}""",
            System.Text.Encoding.UTF8,
            "application/json"
        );
        using var answer = await http.SendAsync(open, Stop);
        var answered = DateTimeOffset.UtcNow;
        answer.EnsureSuccessStatusCode();
        var shown = long.Parse(
            await browser.RunAsync("window.seen", Stop),
            System.Globalization.CultureInfo.InvariantCulture
        );
        var after = shown - answered.ToUnixTimeMilliseconds();
        TestContext.Current.TestOutputHelper!.WriteLine($"shown {after} ms after the answer");
        Assert.True(after < 1_000, $"It was shown after {after} ms.");
        Assert.Equal(
            "in.title half a sen true",
            await browser.RunAsync(
                "`${document.activeElement.name} ${document.activeElement.value} ${document.querySelector('.act').open}`",
                Stop
            )
        );
    }

    [Fact]
    public async Task A_page_that_gets_no_answer_says_so_and_goes_on_by_itself_also_after_a_kill()
    {
        await using var browser = await demo.BrowserAsync();
        await browser.OpenAsync($"{demo.Address}/ui/incidents", Stop);
        await UntilAsync(browser, "document.getElementById('line').textContent === 'Live'");
        await SignalAsync("STOP");
        await UntilAsync(
            browser,
            "document.body.classList.contains('stale') && document.getElementById('line').textContent.startsWith('No answer since')"
        );
        await SignalAsync("CONT");
        await UntilAsync(browser, "document.getElementById('line').textContent === 'Live'");
        demo.Platform.Kill("server");
        await EdgeUnderTest.UntilAsync(async () =>
            (await demo.Platform.RunAsync("incident", "open", "After the kill")).Code == 0
        );
        await UntilAsync(browser, "document.querySelector('main').textContent.includes('After the kill')");
        await UntilAsync(browser, "!document.body.classList.contains('stale')");
    }

    // A server that hangs keeps its connections: only its silence tells.
    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{demo.Platform.PidOf("server")}"]);
        await kill.WaitForExitAsync(Stop);
    }

    [Fact]
    public async Task A_page_shows_the_numbers_that_the_API_and_the_command_line_give()
    {
        using var http = new HttpClient();
        static string Live(JsonNode? one) =>
            $"{one!["app"]}/{one["environment"]} {one["live"]} {one["urls"]!.ToJsonString()}";
        JsonArray typed = [];
        // Between two questions a release may go live.
        await EdgeUnderTest.UntilAsync(async () =>
        {
            using var page = demo.Request(HttpMethod.Get, "/ui/?as=json");
            using var answer = await http.SendAsync(page, Stop);
            var asked = JsonNode.Parse(await answer.Content.ReadAsStringAsync(Stop))!.AsArray();
            var shown = asked.First(static one => (string?)one!["operation"] == "status")!["output"]![
                "apps"
            ]!.AsArray();
            typed = (await demo.Platform.AskAsync("status"))["apps"]!.AsArray();
            return typed.Select(Live).SequenceEqual(shown.Select(Live));
        });
        using var whole = demo.Request(HttpMethod.Get, "/ui/");
        using var seen = await http.SendAsync(whole, Stop);
        var html = await seen.Content.ReadAsStringAsync(Stop);
        foreach (var one in typed)
        {
            Assert.Contains($"/ui/apps/{one!["app"]}/{one["environment"]}", html, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_page_comes_fast_and_weighs_little()
    {
        using var http = new HttpClient();
        var (html, times) = ("", new List<double>());
        for (var turn = 0; turn < 5; turn++)
        {
            var began = Stopwatch.GetTimestamp();
            using var page = demo.Request(HttpMethod.Get, "/ui/");
            using var answer = await http.SendAsync(page, Stop);
            html = await answer.Content.ReadAsStringAsync(Stop);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        // The first one is compiled on its way, and others use the same cores.
        Assert.InRange(times.Min(), 0, 1_000);
        var script = html.Split("/ui/assets/dashboard.")
            .Select(static one => one.Split('"')[0])
            .First(static one => one.EndsWith(".js", StringComparison.Ordinal));
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{demo.Address}/ui/assets/dashboard.{script}");
        request.Headers.Add("Accept-Encoding", "br");
        using var asset = await http.SendAsync(request, Stop);
        var bytes = (await asset.Content.ReadAsByteArrayAsync(Stop)).Length;
        TestContext.Current.TestOutputHelper!.WriteLine($"{bytes} bytes of script, compressed");
        Assert.InRange(bytes, 1, 30_000);
        Assert.Equal("public, max-age=31536000, immutable", $"{asset.Headers.CacheControl}");
    }

    private static Task UntilAsync(Chromium browser, string isSo) =>
        EdgeUnderTest.UntilAsync(async () => await browser.RunAsync($"{isSo} ? 'yes' : 'no'", Stop) == "yes");
}
