using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Fairlead.Bench.Dashboard;

/// <summary>
/// Pages of a running demo as Lighthouse sees them, on its simulated phone: the median of several runs of each, with how busy the machine was. A busy one
/// measures itself, so its numbers are only worth something while that is low.
/// </summary>
internal static class PageBench
{
    private static readonly string[] Categories = ["performance", "accessibility", "best-practices"];
    private static readonly string[] Audits =
    [
        "first-contentful-paint",
        "largest-contentful-paint",
        "total-blocking-time",
        "cumulative-layout-shift",
    ];

    private static string Program =>
        Path.Combine(
            Environment.GetFolderPath(Environment.SpecialFolder.UserProfile),
            ".cache/fairlead-peers/checks/node_modules/lighthouse/cli/index.js"
        );

    public static async Task<int> RunAsync(int runs)
    {
        if (!File.Exists(Program))
        {
            await Console.Error.WriteLineAsync(
                "Lighthouse is missing: npm install lighthouse in ~/.cache/fairlead-peers/checks"
            );
            return 1;
        }
        using var demo = DemoServer.Start();
        using var http = new HttpClient { BaseAddress = demo.Address };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", demo.Token);
        var deployment = await RollingAsync(http);
        foreach (var page in (string[])["/ui/", $"/ui/deployments/{deployment}"])
        {
            await http.GetStringAsync(page); // It is compiled when it is first asked for.
            var all = Enumerable.Range(0, runs).Select(_ => Measure(demo, page)).OfType<JsonNode>().ToList();
            Console.WriteLine(
                $"{page}: {string.Join(", ", Categories.Select(one => $"{one} {Median(all, run => run["categories"]![one]!["score"]) * 100:0}"))}"
            );
            Console.WriteLine(
                $"  {string.Join(", ", Audits.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one} {Median(all, run => run["audits"]![one]!["numericValue"]):0.###}")))}"
            );
        }
        return 0;
    }

    // While it moves it is the page that costs most.
    private static async Task<string> RollingAsync(HttpClient http)
    {
        for (var turn = 0; turn < 120; turn++)
        {
            using var answer = await http.PostAsJsonAsync(
                "/api/status",
                new { app = "storefront", environment = "production" }
            );
            var app = JsonNode.Parse(await answer.Content.ReadAsStringAsync())?["apps"]?[0];
            if ((string?)app?["deployment"]?["phase"] == "rolling-out" && app["live"] is not null)
            {
                return (string)app["deployment"]!["id"]!;
            }
            await Task.Delay(TimeSpan.FromSeconds(1));
        }
        throw new InvalidOperationException("The demo's storefront does not roll out.");
    }

    private static JsonNode? Measure(DemoServer demo, string page)
    {
        var headers = Path.Combine(demo.State, "lighthouse-headers.json");
        File.WriteAllText(headers, new JsonObject { ["Authorization"] = $"Bearer {demo.Token}" }.ToJsonString());
        using var process = Process.Start(
            new ProcessStartInfo(
                "node",
                [
                    Program,
                    new Uri(demo.Address, page).AbsoluteUri,
                    "--quiet",
                    "--output=json",
                    $"--only-categories={string.Join(',', Categories)}",
                    $"--extra-headers={headers}",
                    "--chrome-flags=--headless=new --no-sandbox",
                ]
            )
            {
                RedirectStandardOutput = true,
                UseShellExecute = false,
            }
        )!;
        var said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Console.WriteLine($"  load {File.ReadAllText("/proc/loadavg").Split(' ')[0]}");
        try
        {
            return JsonNode.Parse(said);
        }
        catch (System.Text.Json.JsonException)
        {
            return null; // It lost its browser: that run counts for nothing.
        }
    }

    private static double Median(IReadOnlyList<JsonNode> runs, Func<JsonNode, JsonNode?> of)
    {
        var values = runs.Select(of).OfType<JsonValue>().Select(static one => one.GetValue<double>()).Order().ToList();
        return values.Count == 0 ? double.NaN : values[values.Count / 2];
    }
}
