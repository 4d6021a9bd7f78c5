using System.Diagnostics;
using Fairlead.Scenarios.Edge;

namespace Fairlead.Scenarios.Dashboard;

/// <summary>From nothing to a first app on the overview, as somebody goes who never saw this before.</summary>
public sealed class FirstRunScenarios
{
    private static readonly TimeSpan Promised = TimeSpan.FromMinutes(2);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_one_time_link_leads_to_an_overview_that_teaches_the_first_deploy_and_shows_it_as_it_begins()
    {
        var began = Stopwatch.GetTimestamp();
        await using var platform = await Voyages.Platform.StartAsync();
        var link = (string)(await platform.AskAsync("person", "invite", "--owner"))["link"]!;
        await using var browser = await Chromium.StartAsync(Stop);
        await browser.AddAuthenticatorAsync(Stop);
        await browser.OpenAsync(link, Stop);
        await UntilAsync(browser, "!document.getElementById('welcome').hidden");
        await browser.RunAsync("document.getElementById('name').value = 'Noor Owner'", Stop);
        await browser.RunAsync("document.getElementById('email').value = 'noor@example.org'", Stop);
        await browser.RunAsync("document.getElementById('passkey').click()", Stop);
        await UntilAsync(browser, "location.pathname === '/ui/' && document.readyState === 'complete'");
        await UntilAsync(browser, "document.querySelector('main').textContent.includes('fairlead deploy')");

        var folder = platform.App(
            "hello",
            """
            app: hello
            services:
              web: { kind: web, path: ., health: /healthz }
            environments:
              production: { target: local, hosts: [hello.localhost] }
            """
        );
        var deploying = platform.DeployAsync(folder);
        // The page is not loaded again: it says by itself what happens.
        await UntilAsync(browser, "document.querySelector('main').textContent.includes('hello')");
        Assert.Equal(0, (await deploying).Code);
        await UntilAsync(browser, "document.querySelector('main .word.good')?.textContent.startsWith('Well')");
        var took = Stopwatch.GetElapsedTime(began);
        TestContext.Current.TestOutputHelper!.WriteLine(
            $"from 'fairlead up' to a live app on the page: {took.TotalSeconds:0} s"
        );
        Assert.InRange(took, TimeSpan.Zero, Promised);
    }

    private static Task UntilAsync(Chromium browser, string isSo) =>
        EdgeUnderTest.UntilAsync(async () => await browser.RunAsync($"{isSo} ? 'yes' : 'no'", Stop) == "yes");
}
