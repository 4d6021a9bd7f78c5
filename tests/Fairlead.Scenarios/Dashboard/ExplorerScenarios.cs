using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Scenarios.Edge;

namespace Fairlead.Scenarios.Dashboard;

/// <summary>The explorer of metrics, as somebody uses it who looks for why a number is strange.</summary>
[Collection(nameof(SharedDemo))]
public sealed class ExplorerScenarios(DemoUnderTest demo)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_query_is_completed_word_by_word_and_asked()
    {
        await using var browser = await demo.BrowserAsync();
        await browser.OpenAsync($"{demo.Address}/ui/metrics", Stop);
        await UntilAsync(browser, "document.body.classList.contains('explore')");
        await browser.RunAsync("document.querySelector('[name=q]').value = ''", Stop);
        await browser.RunAsync("document.querySelector('[name=q]').focus()", Stop);
        await ChooseAsync(browser, "sum", "sum(");
        await ChooseAsync(browser, "rate", "rate(");
        await ChooseAsync(browser, "fairlead_requests_ended", "fairlead_requests_ended_total");
        await ChooseAsync(browser, "{ap", "app=\"");
        await ChooseAsync(browser, "sear", "search");
        await TypeAsync(browser, "\"}[1m])) by (");
        await ChooseAsync(browser, "servi", "service");
        await TypeAsync(browser, ")");
        Assert.Equal(
            "sum(rate(fairlead_requests_ended_total{app=\"search\"}[1m])) by (service)",
            await browser.RunAsync("document.querySelector('[name=q]').value", Stop)
        );
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "location.search.includes('by+%28service%29')");
        await UntilAsync(browser, "document.querySelector('h1')?.textContent === '1 series over the last 1h'");
    }

    [Fact]
    public async Task A_time_is_chosen_on_the_picture_and_numbers_are_read_off_it()
    {
        await using var browser = await demo.BrowserAsync();
        await browser.OpenAsync($"{demo.Address}/ui/metrics?last=15m", Stop);
        await UntilAsync(browser, "document.body.classList.contains('explore') && document.querySelector('rect.plot')");
        await MouseAsync(browser, "mouseMoved", 0.9);
        await UntilAsync(browser, "!document.querySelector('.readout').hidden");
        Assert.Matches(
            "[0-9]{2}:[0-9]{2}:[0-9]{2}.*: ",
            await browser.RunAsync("document.querySelector('.readout').textContent", Stop)
        );
        await MouseAsync(browser, "mouseMoved", 0.4);
        await MouseAsync(browser, "mousePressed", 0.4);
        await MouseAsync(browser, "mouseMoved", 0.8);
        await MouseAsync(browser, "mouseReleased", 0.8);
        await UntilAsync(
            browser,
            "new URLSearchParams(location.search).has('at') && document.readyState === 'complete'"
        );
        await UntilAsync(
            browser,
            "/^[0-9,]+ series over [0-9]+s until 20/.test(document.querySelector('h1')?.textContent)"
        );
        Assert.Equal(
            "Earlier Later Now Twice the time Half the time",
            await browser.RunAsync(
                "[...document.querySelectorAll('.ways a')].map((one) => one.textContent).join(' ')",
                Stop
            )
        );
        await browser.RunAsync("[...document.querySelectorAll('.ways a')][2].click()", Stop);
        await UntilAsync(browser, "!new URLSearchParams(location.search).has('at')");
    }

    // What is typed is completed by the first word that fits.
    private static async Task ChooseAsync(Chromium browser, string typed, string word)
    {
        await TypeAsync(browser, typed);
        await UntilAsync(
            browser,
            $"document.querySelector('.words:not([hidden]) [aria-selected=true]')?.dataset.with === {JsonValue.Create(word).ToJsonString()}"
        );
        await KeyAsync(browser, "Enter");
        await UntilAsync(browser, "document.querySelector('.words').hidden");
    }

    private static Task TypeAsync(Chromium browser, string text) =>
        browser.AskAsync("Input.insertText", new JsonObject { ["text"] = text }, Stop);

    private static async Task KeyAsync(Chromium browser, string key)
    {
        foreach (var type in (string[])["keyDown", "keyUp"])
        {
            var press = new JsonObject
            {
                ["type"] = type,
                ["key"] = key,
                ["code"] = key,
                ["windowsVirtualKeyCode"] = 13,
            };
            if (type == "keyDown")
            {
                press["text"] = "\r";
            }
            await browser.AskAsync("Input.dispatchKeyEvent", press, Stop);
        }
    }

    /// <param name="part">How far along the picture, 0 to 1.</param>
    private static async Task MouseAsync(Chromium browser, string type, double part)
    {
        var box = (
            await browser.RunAsync(
                """
                (() => {
                  const plot = [...document.querySelectorAll('rect.plot')].find((one) => one.getBoundingClientRect().width > 0);
                  plot.scrollIntoView({ block: 'center' });
                  const { left, top, width, height } = plot.getBoundingClientRect();
                  return [left, top, width, height].join();
                })()
                """,
                Stop
            )
        ).Split(',').Select(static one => double.Parse(one, CultureInfo.InvariantCulture)).ToList();
        await browser.AskAsync(
            "Input.dispatchMouseEvent",
            new JsonObject
            {
                ["type"] = type,
                ["x"] = box[0] + box[2] * part,
                ["y"] = box[1] + box[3] / 2,
                ["button"] = type == "mouseMoved" ? "none" : "left",
                ["buttons"] = type == "mouseReleased" ? 0 : 1,
                ["clickCount"] = 1,
            },
            Stop
        );
    }

    private static Task UntilAsync(Chromium browser, string isSo) =>
        EdgeUnderTest.UntilAsync(async () => await browser.RunAsync($"{isSo} ? 'yes' : 'no'", Stop) == "yes");
}
