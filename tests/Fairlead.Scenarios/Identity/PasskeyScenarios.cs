using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Edge;

namespace Fairlead.Scenarios.Identity;

/// <summary>Somebody with a real browser, from the first link to the API.</summary>
public sealed class PasskeyScenarios
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_owner_comes_by_the_link_with_a_passkey_and_signs_in_again_with_it()
    {
        await using var browser = await Chromium.StartAsync(Stop);
        await using var platform = await Voyages.Platform.StartAsync();
        await browser.AddAuthenticatorAsync(Stop);
        var link = (string)(await platform.AskAsync("person", "invite", "--owner"))["link"]!;

        // By the link, which is out of the address as soon as it was read.
        await browser.OpenAsync(link, Stop);
        await UntilAsync(browser, "!document.getElementById('welcome').hidden");
        Assert.Equal("", await browser.RunAsync("location.hash", Stop));
        await browser.PictureAsync("welcome", Stop);
        await browser.RunAsync("document.getElementById('name').value = 'Anna Berg'", Stop);
        await browser.RunAsync("document.getElementById('email').value = 'anna@example.org'", Stop);
        await browser.RunAsync("document.getElementById('passkey').click()", Stop);
        await UntilAsync(browser, "location.pathname === '/ui/' && document.readyState === 'complete'");
        await browser.RunAsync("location.assign('/account')", Stop);
        await UntilAsync(browser, "location.pathname === '/account' && document.readyState === 'complete'");
        Assert.Equal("Anna Berg", await browser.RunAsync("document.querySelector('h1').textContent", Stop));
        await browser.PictureAsync("account", Stop);

        // The session is the browser's alone.
        var cookie = (await browser.CookiesAsync(Stop))["fl_session"];
        Assert.Equal((true, "Lax"), ((bool)cookie["httpOnly"]!, (string)cookie["sameSite"]!));
        Assert.DoesNotContain("fl_session", await browser.RunAsync("document.cookie", Stop));

        // Out, and in again by the passkey, without a name.
        await browser.RunAsync("document.getElementById('sign-out').click()", Stop);
        await UntilAsync(browser, "location.pathname === '/sign-in' && document.readyState === 'complete'");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(platform, (string)cookie["value"]!, isOwn: true));
        await browser.PictureAsync("sign-in", Stop);
        await browser.RunAsync("document.getElementById('passkey').click()", Stop);
        await UntilAsync(browser, "location.pathname === '/ui/' && document.readyState === 'complete'");

        // The API by the cookie: from our own page, not from another's.
        var answer = await browser.RunAsync(
            """
            fetch('/api/person.list', { method: 'POST', body: '{}', headers: { 'Content-Type': 'application/json', 'X-Fairlead': '1' } })
              .then(one => one.text())
            """,
            Stop
        );
        var people = JsonNode.Parse(answer)!["people"]!.AsArray();
        Assert.Equal(
            "anna@example.org owner passkey 'First passkey'",
            $"{people[0]!["email"]} {people[0]!["grants"]![0]} {people[0]!["ways"]![0]}"
        );
        var secret = (string)(await browser.CookiesAsync(Stop))["fl_session"]["value"]!;
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(platform, secret, isOwn: true));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(platform, secret, isOwn: false));

        // The link was good once, and every session can be ended from the command line.
        await browser.OpenAsync(link.Replace("/welcome", "/welcome?again"), Stop);
        await UntilAsync(browser, "document.getElementById('said').textContent !== ''");
        Assert.Contains(
            "This link is not good.",
            await browser.RunAsync("document.getElementById('said').textContent", Stop)
        );
        var ended = await platform.RunAsync("session", "revoke", "anna@example.org");
        Assert.True(ended.Code == 0, ended.ToString());
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(platform, secret, isOwn: true));
    }

    private static async Task<HttpStatusCode> StatusAsync(Voyages.Platform platform, string secret, bool isOwn)
    {
        using var http = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, $"http://{platform.Api}/api/person.list");
        request.Content = JsonContent.Create(new JsonObject());
        request.Headers.Add("Cookie", $"fl_session={secret}");
        request.Headers.Add("X-Fairlead", "1");
        request.Headers.Add("Origin", isOwn ? $"http://{platform.Api}" : "http://shop.localhost:8080");
        using var answer = await http.SendAsync(request, Stop);
        return answer.StatusCode;
    }

    private static Task UntilAsync(Chromium browser, string claim) =>
        EdgeUnderTest.UntilAsync(async () => await browser.RunAsync($"({claim}) ? 'yes' : 'no'", Stop) == "yes");
}
