using System.Net;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Edge;

namespace Fairlead.Scenarios.Dashboard;

/// <summary>What people do on pages: by the keyboard alone, without a script, and as somebody who should not.</summary>
[Collection(nameof(SharedDemo))]
public sealed class ActingScenarios(DemoUnderTest demo)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deployment_is_approved_by_the_keyboard_alone_and_its_page_follows()
    {
        await using var browser = await demo.BrowserAsync();
        var waiting = await demo.DeploymentAsync("ledger");
        Assert.Equal("awaiting-approval", (string?)waiting["phase"]);
        await browser.OpenAsync($"{demo.Address}/ui/deployments/{waiting["id"]}", Stop);
        await TabToAsync(browser, "summary", "Approve");
        await KeyAsync(browser, "Enter");
        await TabToAsync(browser, "input", "");
        await browser.AskAsync("Input.insertText", new JsonObject { ["text"] = "it was tried in staging" }, Stop);
        await TabToAsync(browser, "button", "Approve");
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "document.querySelector('.told')?.textContent === 'Approved.'");
        await UntilAsync(browser, "!document.querySelector('h1').textContent.includes('waits for a yes')");
        var story = (await demo.Platform.AskAsync("explain", "--deployment", (string)waiting["id"]!))[
            "story"
        ]!.AsArray();
        Assert.Contains(
            story,
            static one => $"{one!["text"]}".Contains("it was tried in staging", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task An_incident_is_opened_acknowledged_and_resolved_by_the_keyboard_alone()
    {
        await using var browser = await demo.BrowserAsync();
        await browser.OpenAsync($"{demo.Address}/ui/incidents", Stop);
        await TabToAsync(browser, "summary", "Open an incident");
        await KeyAsync(browser, "Enter");
        await TabToAsync(browser, "input", "");
        await browser.AskAsync(
            "Input.insertText",
            new JsonObject { ["text"] = "<b>search</b> & \"carts\" are slow" },
            Stop
        );
        await KeyAsync(browser, "Enter");
        await UntilAsync(
            browser,
            "location.pathname.match(/incidents\\/[0-9]+$/) && document.readyState === 'complete'"
        );
        Assert.StartsWith(
            "<b>search</b> & \"carts\" are slow",
            await browser.RunAsync("document.querySelector('h1').textContent", Stop),
            StringComparison.Ordinal
        );
        await TabToAsync(browser, "summary", "I have it");
        await KeyAsync(browser, "Enter");
        await TabToAsync(browser, "button", "I have it");
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "document.querySelector('h1').textContent.includes('Noor Owner has it')");
        await TabToAsync(browser, "summary", "Resolve");
        await KeyAsync(browser, "Enter");
        await TabToAsync(browser, "button", "Resolve");
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "document.querySelector('h1').textContent.endsWith('resolved')");
    }

    [Fact]
    public async Task A_roll_back_wants_the_apps_name_typed_and_begins_a_deployment()
    {
        await using var browser = await demo.BrowserAsync();
        // The second release of search that the demo's people make goes live by itself, after two watches of its judge.
        var before = await demo.FirstAsync("search");
        await EdgeUnderTest.UntilAsync(async () => await LiveAsync("search") > before, TimeSpan.FromMinutes(2));
        // On a busy machine they may have made a third one.
        var live = await LiveAsync("search");
        await browser.OpenAsync($"{demo.Address}/ui/apps/search/production", Stop);
        await TabToAsync(browser, "summary", "Roll back");
        await KeyAsync(browser, "Enter");
        await TabToAsync(browser, "button", "Roll back");
        await browser.RunAsync("document.querySelector('.act[open] form').noValidate = true", Stop);
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "document.querySelector('h1').textContent === 'Nothing was done.'");
        await browser.OpenAsync($"{demo.Address}/ui/apps/search/production", Stop);
        await TabToAsync(browser, "summary", "Roll back");
        await KeyAsync(browser, "Enter");
        await browser.RunAsync("document.querySelector('.act[open] [name=confirm]').focus()", Stop);
        await browser.AskAsync("Input.insertText", new JsonObject { ["text"] = "search" }, Stop);
        await KeyAsync(browser, "Enter");
        await UntilAsync(
            browser,
            "location.pathname.startsWith('/ui/deployments/') && document.readyState === 'complete'"
        );
        await UntilAsync(browser, "document.querySelector('h1').textContent.includes('went live')");
        Assert.True(await LiveAsync("search") < live);
    }

    [Fact]
    public async Task Several_errors_are_resolved_at_once_and_what_was_done_is_undone()
    {
        await using var browser = await demo.BrowserAsync();
        await browser.OpenAsync($"{demo.Address}/ui/errors", Stop);
        var chosen = await browser.RunAsync(
            """
            [...document.querySelectorAll('input[name=pick]')].slice(0, 2).map((one) => { one.checked = true; return one.value; }).join()
            """,
            Stop
        );
        await TabToAsync(browser, "summary", "Resolve the chosen ones");
        await KeyAsync(browser, "Enter");
        await TabToAsync(browser, "button", "Resolve the chosen ones");
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "document.querySelector('.told')?.textContent.startsWith('Done.')");
        var resolved = (await demo.Platform.AskAsync("error", "list", "--status", "resolved"))["errors"]!
            .AsArray()
            .Select(static one => (string)one!["id"]!);
        Assert.Equal(chosen.Split(',').Order(StringComparer.Ordinal), resolved.Order(StringComparer.Ordinal));

        await browser.OpenAsync($"{demo.Address}/ui/errors/{chosen.Split(',')[0]}", Stop);
        await TabToAsync(browser, "summary", "Open again");
        await KeyAsync(browser, "Enter");
        await TabToAsync(browser, "button", "Open again");
        await KeyAsync(browser, "Enter");
        // What is ignored before it is open again would be resolved after the undo.
        await UntilAsync(browser, "document.querySelector('main').textContent.includes('Unresolved')");
        await TabToAsync(browser, "summary", "Ignore");
        await KeyAsync(browser, "Enter");
        await TabToAsync(browser, "button", "Ignore");
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "document.querySelector('.told summary')?.textContent === 'Undo'");
        await TabToAsync(browser, "summary", "Undo");
        await KeyAsync(browser, "Enter");
        await TabToAsync(browser, "button", "Undo");
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "document.querySelector('main').textContent.includes('Unresolved')");
    }

    [Fact]
    public async Task A_view_gets_a_name_and_is_found_by_it()
    {
        await using var browser = await demo.BrowserAsync();
        await browser.OpenAsync($"{demo.Address}/ui/logs?level=error&app=payments", Stop);
        await KeyAsync(browser, "k", modifiers: 2);
        await UntilAsync(browser, "document.querySelectorAll('#palette li').length > 5");
        await browser.AskAsync("Input.insertText", new JsonObject { ["text"] = "what payments say" }, Stop);
        await UntilAsync(
            browser,
            "document.querySelector('#palette li')?.textContent.startsWith('Save this view as what payments say')"
        );
        await KeyAsync(browser, "Enter");
        await browser.OpenAsync($"{demo.Address}/ui/", Stop);
        await KeyAsync(browser, "k", modifiers: 2);
        await UntilAsync(browser, "document.querySelectorAll('#palette li').length > 5");
        await browser.AskAsync("Input.insertText", new JsonObject { ["text"] = "what pay" }, Stop);
        await UntilAsync(browser, "document.querySelector('#palette li')?.textContent.startsWith('what payments say')");
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "location.pathname + location.search === '/ui/logs?level=error&app=payments'");
    }

    [Fact]
    public async Task A_rollout_is_held_and_let_go_on_from_its_page()
    {
        await using var browser = await demo.BrowserAsync();
        await EdgeUnderTest.UntilAsync(async () =>
            (string?)(await demo.DeploymentAsync("storefront"))["phase"] == "rolling-out"
        );
        var id = (string)(await demo.DeploymentAsync("storefront"))["id"]!;
        await browser.OpenAsync($"{demo.Address}/ui/deployments/{id}", Stop);
        await TabToAsync(browser, "summary", "Hold");
        await KeyAsync(browser, "Enter");
        await TabToAsync(browser, "button", "Hold");
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "document.querySelector('h1').textContent.includes('is held at')");
        Assert.Equal("Noor Owner", ((string)(await demo.DeploymentAsync("storefront"))["held"]!["by"]!).Split(" (")[0]);
        await TabToAsync(browser, "summary", "Let it go on");
        await KeyAsync(browser, "Enter");
        await TabToAsync(browser, "button", "Let it go on");
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "!document.querySelector('h1').textContent.includes('is held at')");
    }

    [Fact]
    public async Task A_form_of_elsewhere_or_without_its_proof_does_nothing()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        async Task<(HttpStatusCode, string)> PostAsync(string origin, string proof)
        {
            using var request = demo.Request(HttpMethod.Post, "/ui/act");
            request.Headers.Add("Origin", origin);
            request.Content = new FormUrlEncodedContent(
                new Dictionary<string, string>
                {
                    ["operation"] = "incident.open",
                    ["in.title"] = "forged",
                    ["back"] = "//evil.example/",
                    ["proof"] = proof,
                }
            );
            using var answer = await http.SendAsync(request, Stop);
            return (answer.StatusCode, await answer.Content.ReadAsStringAsync(Stop));
        }
        var (foreign, _) = await PostAsync("http://evil.example", "");
        var (unproven, said) = await PostAsync(demo.Address, "0000");
        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (foreign, unproven));
        Assert.Contains("Nothing was done.", said, StringComparison.Ordinal);
        Assert.DoesNotContain("evil.example", said, StringComparison.Ordinal);
        var all = (await demo.Platform.AskAsync("incident", "list", "--all"))["incidents"]!.AsArray();
        Assert.DoesNotContain(all, static one => (string?)one!["title"] == "forged");
    }

    [Fact]
    public async Task Whoever_is_not_signed_in_is_led_there_and_back()
    {
        using var http = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false, UseCookies = false });
        using var request = new HttpRequestMessage(HttpMethod.Get, demo.Address + "/ui/logs?level=error");
        request.Headers.Add("Accept", "text/html");
        using var answer = await http.SendAsync(request, Stop);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.Equal("/sign-in?to=%2Fui%2Flogs%3Flevel%3Derror", answer.Headers.Location!.OriginalString);
        using var act = new HttpRequestMessage(HttpMethod.Post, demo.Address + "/ui/act")
        {
            Content = new FormUrlEncodedContent([]),
        };
        act.Headers.Add("Accept", "text/html");
        act.Headers.Referrer = new Uri(demo.Address + "/ui/alerts");
        using var ended = await http.SendAsync(act, Stop);
        Assert.Equal("/sign-in?to=%2Fui%2Falerts&ended=yes", ended.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task Ctrl_K_finds_apps_and_commands()
    {
        await using var browser = await demo.BrowserAsync();
        await browser.OpenAsync($"{demo.Address}/ui/", Stop);
        await KeyAsync(browser, "k", modifiers: 2);
        await UntilAsync(browser, "document.querySelectorAll('#palette li').length > 5");
        await browser.AskAsync("Input.insertText", new JsonObject { ["text"] = "accounts stag" }, Stop);
        await UntilAsync(browser, "document.querySelector('#palette li')?.textContent.startsWith('accounts staging')");
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "location.pathname === '/ui/apps/accounts/staging'");
    }

    private async Task<int?> LiveAsync(string app) =>
        (int?)(await demo.Platform.AskAsync("status", app, "--environment", "production"))["apps"]![0]!["live"];

    private static Task UntilAsync(Chromium browser, string isSo) =>
        EdgeUnderTest.UntilAsync(async () => await browser.RunAsync($"{isSo} ? 'yes' : 'no'", Stop) == "yes");

    private static async Task TabToAsync(Chromium browser, string element, string words)
    {
        const int tabsMax = 120;
        for (var tab = 0; tab < tabsMax; tab++)
        {
            await KeyAsync(browser, "Tab");
            var focused = await browser.RunAsync(
                "`${document.activeElement.localName} ${document.activeElement.textContent.trim()}`",
                Stop
            );
            if (focused == $"{element} {words}".TrimEnd() || focused == $"{element} {words}")
            {
                return;
            }
        }
        Assert.Fail($"The keyboard does not come to {element} '{words}'.");
    }

    private static async Task KeyAsync(Chromium browser, string key, int modifiers = 0)
    {
        var code = key switch
        {
            "Enter" => 13,
            "Tab" => 9,
            _ => char.ToUpperInvariant(key[0]),
        };
        foreach (var type in (string[])["keyDown", "keyUp"])
        {
            var press = new JsonObject
            {
                ["type"] = type,
                ["key"] = key,
                ["code"] = key.Length == 1 ? $"Key{key.ToUpperInvariant()}" : key,
                ["windowsVirtualKeyCode"] = code,
                ["modifiers"] = modifiers,
            };
            if (key == "Enter" && type == "keyDown")
            {
                press["text"] = "\r";
            }
            await browser.AskAsync("Input.dispatchKeyEvent", press, Stop);
        }
    }
}
