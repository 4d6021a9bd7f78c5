using System.Text.Json.Nodes;
using Fairlead.Scenarios.Edge;

namespace Fairlead.Scenarios.Dashboard;

/// <summary>Every page of a running demo, light, dark and on a phone.</summary>
[Collection(nameof(SharedDemo))]
public sealed class PageTour(DemoUnderTest demo)
{
    private static readonly (string Name, int Width, int Height, string Scheme)[] Modes =
    [
        ("light", 1280, 900, "light"),
        ("dark", 1280, 900, "dark"),
        ("phone", 390, 844, "light"),
    ];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nobody_is_kept_out_nothing_is_cut_and_nothing_leaves_this_machine()
    {
        var axe = await PageLint.AxeAsync(Stop);
        await using var browser = await demo.BrowserAsync();
        var pages = await PagesAsync();
        var wrong = new List<string>();
        foreach (var page in pages)
        {
            // One load for all modes: what differs between them is style, and the browser can be asked for another at any time.
            await ShowAsAsync(browser, Modes[0]);
            await browser.OpenAsync(demo.Address + page, Stop);
            await UntilAsync(
                browser,
                "!document.body.dataset.live || document.getElementById('line').className === 'on'"
            );
            await browser.RunAsync(axe, Stop);
            foreach (var mode in Modes)
            {
                await ShowAsAsync(browser, mode);
                wrong.AddRange(
                    (await PageLint.FindAsync(browser, hasOtherColours: mode.Name == "dark", Stop)).Select(one =>
                        $"{page} {mode.Name}: {one}"
                    )
                );
                await PictureAsync(browser, $"{NameOf(page)}.{mode.Name}");
            }
            wrong.AddRange(Faults(browser.Told()).Select(one => $"{page}: {one}"));
        }
        Assert.True(wrong.Count == 0, $"{wrong.Count} findings\n{string.Join('\n', wrong.Distinct().Take(80))}");
    }

    private async Task<IReadOnlyList<string>> PagesAsync()
    {
        var storefront = (string)(await demo.DeploymentAsync("storefront"))["id"]!;
        var ledger = (string)(await demo.DeploymentAsync("ledger"))["id"]!;
        var run = (string)(await demo.Platform.AskAsync("ci", "runs"))["runs"]![0]!["run"]!;
        var plan = (string)(await demo.Platform.AskAsync("agent", "plans"))["plans"]![0]!["plan"]!;
        var trace = (string)(await demo.Platform.AskAsync("trace", "list"))["traces"]![0]!["trace"]!;
        var error = (string)(await demo.Platform.AskAsync("error", "list"))["errors"]![0]!["id"]!;
        var handoff = (string)(await demo.Platform.AskAsync("handoff", "list"))["handoffs"]![0]!["handoff"]!;
        return
        [
            "/ui/",
            "/ui/?q=no-such-app",
            $"/ui/deployments/{storefront}",
            $"/ui/deployments/{ledger}",
            "/ui/apps/storefront/production",
            "/ui/approvals",
            "/ui/incidents",
            "/ui/incidents/1",
            "/ui/alerts",
            "/ui/metrics",
            "/ui/logs",
            "/ui/errors",
            $"/ui/errors/{error}",
            "/ui/users",
            "/ui/map",
            $"/ui/traces/{trace}",
            "/ui/monitors",
            "/ui/monitor?name=storefront/production/api",
            "/ui/objectives",
            "/ui/pipelines",
            $"/ui/pipelines/{run}",
            "/ui/infrastructure",
            "/ui/data",
            "/ui/drills",
            "/ui/drills/1",
            "/ui/on-call",
            "/ui/agents",
            $"/ui/plans/{plan}",
            $"/ui/handoffs/{handoff}",
            "/ui/security",
            "/ui/reports",
            "/ui/settings",
            "/ui/apps/nope/production",
            "/ui/no-such-page",
        ];
    }

    private static async Task ShowAsAsync(Chromium browser, (string Name, int Width, int Height, string Scheme) mode)
    {
        await browser.AskAsync(
            "Emulation.setDeviceMetricsOverride",
            new JsonObject
            {
                ["width"] = mode.Width,
                ["height"] = mode.Height,
                ["deviceScaleFactor"] = 1,
                ["mobile"] = mode.Name == "phone",
            },
            Stop
        );
        await browser.AskAsync(
            "Emulation.setEmulatedMedia",
            new JsonObject
            {
                ["features"] = new JsonArray(
                    new JsonObject { ["name"] = "prefers-color-scheme", ["value"] = mode.Scheme },
                    new JsonObject { ["name"] = "prefers-reduced-motion", ["value"] = "reduce" }
                ),
            },
            Stop
        );
    }

    // A page that is meant not to be found is no fault.
    private IEnumerable<string> Faults(IReadOnlyList<JsonNode> told)
    {
        foreach (var one in told)
        {
            var about = one["params"]!;
            var fault = (string)one["method"]! switch
            {
                "Runtime.exceptionThrown" => $"exception: {about["exceptionDetails"]?["exception"]?["description"]}",
                "Log.entryAdded"
                    when (string?)about["entry"]?["level"] == "error"
                        && !$"{about["entry"]!["text"]}".Contains("404", StringComparison.Ordinal) =>
                    $"console: {about["entry"]!["text"]} {about["entry"]!["url"]}",
                "Network.requestWillBeSent"
                    when !$"{about["request"]!["url"]}".StartsWith(demo.Address, StringComparison.Ordinal) =>
                    $"asks elsewhere: {about["request"]!["url"]}",
                _ => null,
            };
            if (fault is not null)
            {
                yield return fault;
            }
        }
    }

    private static Task UntilAsync(Chromium browser, string isSo) =>
        EdgeUnderTest.UntilAsync(async () => await browser.RunAsync($"{isSo} ? 'yes' : 'no'", Stop) == "yes");

    private static string NameOf(string page) =>
        page.Trim('/').Split('/', '?') is ["ui", var first, ..] && first.Length > 0
            ? string.Concat(
                page["/ui/".Length..].Select(static letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')
            )
        : page.Contains('?') ? "overview-filtered"
        : "overview";

    // The whole page, as it is long.
    private static async Task PictureAsync(Chromium browser, string name)
    {
        if (Environment.GetEnvironmentVariable("FAIRLEAD_PICTURES") is not { Length: > 0 } folder)
        {
            return;
        }
        Directory.CreateDirectory(folder);
        var size = (await browser.AskAsync("Page.getLayoutMetrics", [], Stop))["cssContentSize"]!;
        var picture = await browser.AskAsync(
            "Page.captureScreenshot",
            new JsonObject
            {
                ["captureBeyondViewport"] = true,
                ["clip"] = new JsonObject
                {
                    ["x"] = 0,
                    ["y"] = 0,
                    ["width"] = size["width"]!.DeepClone(),
                    ["height"] = Math.Min((double)size["height"]!, 6_000),
                    ["scale"] = 1,
                },
            },
            Stop
        );
        await File.WriteAllBytesAsync(
            Path.Combine(folder, $"{name}.png"),
            Convert.FromBase64String((string)picture["data"]!),
            Stop
        );
    }
}
