using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Edge;

/// <summary>A headless Chromium with one page, driven by the Chrome DevTools Protocol.</summary>
internal sealed class Chromium : IAsyncDisposable
{
    private const int ToldMax = 50_000;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly DirectoryInfo profile = Directory.CreateTempSubdirectory("fl-chromium-");
    private readonly ClientWebSocket socket = new();
    private readonly Process process;
    private readonly List<JsonNode> told = [];
    private int last;

    private Chromium(string program, string? userAgent) =>
        process = Process.Start(
            new ProcessStartInfo(program)
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
                ArgumentList =
                {
                    // Of a person's browser, to those who tell them from programs.
                    userAgent is null
                        ? "--hide-scrollbars"
                        : $"--user-agent={userAgent}",
                    userAgent is null ? "--mute-audio" : "--disable-blink-features=AutomationControlled",
                    "--headless",
                    "--no-sandbox",
                    "--disable-gpu",
                    "--disable-dev-shm-usage",
                    "--no-first-run",
                    "--disable-background-networking",
                    "--host-resolver-rules=MAP shop.example 127.0.0.1",
                    "--remote-debugging-port=0",
                    $"--user-data-dir={profile.FullName}",
                    "about:blank",
                },
            }
        )!;

    /// <summary>Skips the test where there is no Chromium.</summary>
    /// <param name="userAgent">What it calls itself; what headless ones do when null.</param>
    public static async Task<Chromium> StartAsync(CancellationToken stop, string? userAgent = null)
    {
        var program = (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':')
            .Select(folder => Path.Combine(folder, "chromium"))
            .FirstOrDefault(File.Exists);
        Assert.SkipWhen(program is null, "chromium is not installed (Debian package chromium)");
        var chromium = new Chromium(program!, userAgent);
        try
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
            limit.CancelAfter(Patience);
            await chromium.ConnectAsync(limit.Token);
            return chromium;
        }
        catch
        {
            await chromium.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens an address and waits until the page has loaded.</summary>
    public async Task OpenAsync(string address, CancellationToken stop)
    {
        await AskAsync("Page.navigate", new JsonObject { ["url"] = address }, stop);
        await EdgeUnderTest.UntilAsync(async () =>
            await RunAsync("document.readyState === 'complete' && location.href !== 'about:blank' ? 'yes' : 'no'", stop)
            == "yes"
        );
    }

    /// <summary>Runs a script in the page and waits for what it promises.</summary>
    public async Task<string> RunAsync(string script, CancellationToken stop)
    {
        var answer = await AskAsync(
            "Runtime.evaluate",
            new JsonObject
            {
                ["expression"] = script,
                ["awaitPromise"] = true,
                ["returnByValue"] = true,
            },
            stop
        );
        return answer["exceptionDetails"] is { } failure
            ? $"failed: {failure["exception"]?["description"]}"
            : $"{answer["result"]?["value"]}";
    }

    /// <summary>Presses a place in the page as a person does.</summary>
    public async Task PressAsync(int x, int y, CancellationToken stop)
    {
        foreach (var type in (string[])["mousePressed", "mouseReleased"])
        {
            var press = new JsonObject
            {
                ["type"] = type,
                ["x"] = x,
                ["y"] = y,
                ["button"] = "left",
                ["clickCount"] = 1,
            };
            await AskAsync("Input.dispatchMouseEvent", press, stop);
        }
    }

    /// <summary>What the browser told by itself of domains that were enabled, since this was asked last.</summary>
    public IReadOnlyList<JsonNode> Told()
    {
        IReadOnlyList<JsonNode> all = [.. told];
        told.Clear();
        return all;
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        if (!process.HasExited)
        {
            process.Kill(entireProcessTree: true);
        }
        await process.WaitForExitAsync();
        process.Dispose();
        profile.Delete(recursive: true);
    }

    private async Task ConnectAsync(CancellationToken stop)
    {
        // DevTools listening on ws://127.0.0.1:45911/devtools/browser/6f0e...
        string? line;
        do
        {
            line =
                await process.StandardError.ReadLineAsync(stop)
                ?? throw new InvalidOperationException("Chromium ended.");
        } while (!line.StartsWith("DevTools listening on ", StringComparison.Ordinal));
        _ = process.StandardError.ReadToEndAsync(stop);
        _ = process.StandardOutput.ReadToEndAsync(stop);
        var browser = new Uri(line["DevTools listening on ".Length..]);
        using var http = new HttpClient();
        var pages = JsonNode.Parse(await http.GetStringAsync($"http://{browser.Authority}/json/list", stop))!.AsArray();
        var page = pages.First(one => (string?)one!["type"] == "page")!;
        await socket.ConnectAsync(new Uri((string)page["webSocketDebuggerUrl"]!), stop);
    }

    internal async Task<JsonNode> AskAsync(string method, JsonObject parameters, CancellationToken stop)
    {
        var id = ++last;
        var order = new JsonObject
        {
            ["id"] = id,
            ["method"] = method,
            ["params"] = parameters,
        };
        await socket.SendAsync(
            JsonSerializer.SerializeToUtf8Bytes(order),
            WebSocketMessageType.Text,
            endOfMessage: true,
            stop
        );
        while (true)
        {
            var answer = JsonNode.Parse(await ReadAsync(stop))!;
            if (answer["method"] is not null && told.Count < ToldMax)
            {
                told.Add(answer);
            }
            if ((int?)answer["id"] == id)
            {
                return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer["error"]}");
            }
        }
    }

    private async Task<byte[]> ReadAsync(CancellationToken stop)
    {
        using var message = new MemoryStream();
        var buffer = new byte[16 * 1024];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, stop);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                return message.ToArray();
            }
        }
    }
}
