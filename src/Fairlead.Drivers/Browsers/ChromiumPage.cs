using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;

namespace Fairlead.Drivers.Browsers;

/// <summary>A page in a Chromium.</summary>
internal sealed class ChromiumPage(DevTools tools, string session, string context, World world) : IBrowserPage
{
    private const int HeightMax = 16_384;

    private static readonly TimeSpan LoadMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan QuietTime = TimeSpan.FromMilliseconds(300);
    private static readonly TimeSpan QuietMax = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(50);

    // The clock stands at a Friday in 2026, and chance is the same each time.
    private const string Still = """
        (() => {
          const now = Date.UTC(2026, 0, 2, 12, 0, 0), Real = Date;
          globalThis.Date = class extends Real { constructor(...a) { a.length ? super(...a) : super(now); } static now() { return now; } };
          let seed = 42;
          Math.random = () => { seed = (seed * 1103515245 + 12345) % 2147483648; return seed / 2147483648; };
        })();
        """;

    private const string Quiet = """
        (async () => {
          const style = document.createElement('style');
          style.textContent = '*,*::before,*::after{animation:none!important;transition:none!important;caret-color:transparent!important;scroll-behavior:auto!important}';
          if (STILL) (document.head || document.documentElement).append(style);
          await document.fonts.ready;
          const pictures = [...document.images].filter(one => one.loading !== 'lazy' && one.src);
          await Promise.race([Promise.allSettled(pictures.map(one => one.decode())), new Promise(done => setTimeout(done, 5000))]);
          await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
          return true;
        })()
        """;

    private readonly TaskCompletionSource loaded = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int loading;
    private long lastChange;

    /// <exception cref="ProblemException">The page does not load.</exception>
    public async Task GoAsync(PageOrder order, CancellationToken stop)
    {
        tools.Listen(session, Take);
        _ = await AskAsync("Page.enable", [], stop);
        _ = await AskAsync("Network.enable", [], stop);
        _ = await AskAsync("Runtime.enable", [], stop);
        _ = await AskAsync(
            "Emulation.setDeviceMetricsOverride",
            new()
            {
                ["width"] = order.Width,
                ["height"] = order.Height,
                ["deviceScaleFactor"] = 1,
                ["mobile"] = false,
            },
            stop
        );
        if (order.IsStill)
        {
            _ = await AskAsync("Page.addScriptToEvaluateOnNewDocument", new() { ["source"] = Still }, stop);
            _ = await AskAsync(
                "Emulation.setEmulatedMedia",
                new()
                {
                    ["features"] = new JsonArray(
                        new JsonObject { ["name"] = "prefers-reduced-motion", ["value"] = "reduce" }
                    ),
                },
                stop
            );
            _ = await AskAsync("Emulation.setTimezoneOverride", new() { ["timezoneId"] = "UTC" }, stop);
        }
        var went = await AskAsync("Page.navigate", new() { ["url"] = order.Url.AbsoluteUri }, stop);
        if (went.TryGetProperty("errorText", out var error) && error.GetString() is { Length: > 0 } why)
        {
            throw new ProblemException(Failed(order.Url, why));
        }
        try
        {
            await loaded.Task.WaitAsync(LoadMax, world.Clock, stop);
        }
        catch (TimeoutException)
        {
            throw new ProblemException(Failed(order.Url, $"It was not loaded after {LoadMax.TotalSeconds:0} s."));
        }
        await SettleAsync(stop);
        _ = await RunAsync(Quiet.Replace("STILL", order.IsStill ? "true" : "false", StringComparison.Ordinal), stop);
    }

    public async Task<string> RunAsync(string script, CancellationToken stop)
    {
        var answer = await AskAsync(
            "Runtime.evaluate",
            new()
            {
                ["expression"] = script,
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
                ["timeout"] = 30_000,
            },
            stop
        );
        if (answer.TryGetProperty("exceptionDetails", out var details))
        {
            var text =
                details.TryGetProperty("exception", out var thrown)
                && thrown.TryGetProperty("description", out var said)
                    ? said.GetString()
                    : details.GetProperty("text").GetString();
            throw new ProblemException(
                new Problem(
                    "browser.script",
                    "A script failed in the page.",
                    text ?? "Nothing says why.",
                    "Look at the page in a browser: its policy may forbid scripts."
                )
            );
        }
        return answer.GetProperty("result").TryGetProperty("value", out var value) ? value.GetRawText() : "null";
    }

    public async Task<byte[]> PictureAsync(CancellationToken stop)
    {
        var layout = await AskAsync("Page.getLayoutMetrics", [], stop);
        var size = layout.GetProperty("cssContentSize");
        var view = layout.GetProperty("cssLayoutViewport");
        var picture = await AskAsync(
            "Page.captureScreenshot",
            new()
            {
                ["format"] = "png",
                ["captureBeyondViewport"] = true,
                ["clip"] = new JsonObject
                {
                    ["x"] = 0,
                    ["y"] = 0,
                    ["width"] = view.GetProperty("clientWidth").GetDouble(),
                    ["height"] = Math.Min(
                        HeightMax,
                        Math.Max(
                            view.GetProperty("clientHeight").GetDouble(),
                            Math.Ceiling(size.GetProperty("height").GetDouble())
                        )
                    ),
                    ["scale"] = 1,
                },
            },
            stop
        );
        return picture.GetProperty("data").GetBytesFromBase64();
    }

    public async ValueTask DisposeAsync()
    {
        tools.Forget(session);
        try
        {
            _ = await tools.AskAsync(
                "Target.disposeBrowserContext",
                new() { ["browserContextId"] = context },
                null,
                CancellationToken.None
            );
        }
        catch (ProblemException)
        {
            // The browser is gone, and the page with it.
        }
    }

    private Task<JsonElement> AskAsync(string method, JsonObject parameters, CancellationToken stop) =>
        tools.AskAsync(method, parameters, session, stop);

    private void Take(string method, JsonElement parameters)
    {
        switch (method)
        {
            case "Page.loadEventFired":
                _ = loaded.TrySetResult();
                break;
            case "Network.requestWillBeSent":
                // Redirects of a request are the same one.
                if (!parameters.TryGetProperty("redirectResponse", out _))
                {
                    _ = Interlocked.Increment(ref loading);
                }
                Interlocked.Exchange(ref lastChange, world.Clock.GetTimestamp());
                break;
            case "Network.loadingFinished" or "Network.loadingFailed":
                _ = Interlocked.Decrement(ref loading);
                Interlocked.Exchange(ref lastChange, world.Clock.GetTimestamp());
                break;
            default:
                break;
        }
    }

    // A page that never comes to rest, such as one that listens to events, is looked at all the same.
    private async Task SettleAsync(CancellationToken stop)
    {
        var began = world.Clock.GetTimestamp();
        while (
            world.Clock.GetElapsedTime(began) < QuietMax
            && (
                Volatile.Read(ref loading) > 0
                || world.Clock.GetElapsedTime(Interlocked.Read(ref lastChange)) < QuietTime
            )
        )
        {
            await Task.Delay(LookAgain, world.Clock, stop);
        }
    }

    private static Problem Failed(Uri url, string why) =>
        new("browser.page", $"{url} did not load in the browser.", why, $"See that the service runs: curl -v {url}")
        {
            Trouble = Trouble.Unreachable,
        };
}
