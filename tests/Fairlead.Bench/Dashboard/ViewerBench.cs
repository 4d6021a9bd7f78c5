using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace Fairlead.Bench.Dashboard;

/// <summary>Many who look at one page of a demo: how soon all of them see an event, and what each costs the server.</summary>
internal static class ViewerBench
{
    private const int Events = 20;
    private static readonly TimeSpan StepMax = TimeSpan.FromSeconds(60);

    public static async Task<int> RunAsync(int viewers)
    {
        using var demo = DemoServer.Start();
        await MeasureAsync(demo, viewers);
        return 0;
    }

    private static async Task MeasureAsync(DemoServer demo, int viewers)
    {
        using var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = viewers + 10 })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        http.BaseAddress = demo.Address;
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", demo.Token);
        // The demo's first deploys are over, and the page is compiled.
        await Task.Delay(TimeSpan.FromSeconds(30));
        await http.GetStringAsync("/ui/incidents");
        var before = MemoryOf(demo.State);
        var looking = new List<Viewer>();
        for (var one = 0; one < viewers; one++)
        {
            looking.Add(await Viewer.OpenAsync(http));
        }
        await Task.WhenAll(looking.Select(static one => one.SeesAsync("<h1>")));
        var after = MemoryOf(demo.State);
        var times = new List<double>();
        for (var turn = 0; turn < Events; turn++)
        {
            var title = string.Create(CultureInfo.InvariantCulture, $"event {turn} of the bench");
            var all = looking.Select(one => one.SeesAsync(title)).ToList();
            using var content = new StringContent(
                new JsonObject { ["title"] = title }.ToJsonString(),
                System.Text.Encoding.UTF8,
                "application/json"
            );
            using var answer = await http.PostAsync("/api/incident.open", content);
            answer.EnsureSuccessStatusCode();
            var began = Stopwatch.GetTimestamp();
            await Task.WhenAll(all);
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        looking.ForEach(static one => one.Dispose());
        times.Sort();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"{viewers} viewers: the last of them saw an event {times[Events / 2]:0} ms after it (median of {Events}), {times[^1]:0} ms at most; {(after - before) / viewers / 1024.0:0.0} kB for each"
            )
        );
    }

    private static long MemoryOf(string state)
    {
        var notes = JsonNode.Parse(File.ReadAllText(Path.Combine(state, "run", "roles.json")))!;
        var all = notes as JsonArray ?? notes["roles"]?.AsArray() ?? notes.AsObject().First().Value!.AsArray();
        var pid = all.Single(static one => (string?)one!["role"] == "server")!["pid"]!.GetValue<int>();
        using var process = Process.GetProcessById(pid);
        return process.WorkingSet64;
    }

    /// <summary>A page that is kept live.</summary>
    private sealed class Viewer(HttpResponseMessage answer, StreamReader lines) : IDisposable
    {
        public static async Task<Viewer> OpenAsync(HttpClient http)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/ui/incidents");
            request.Headers.Accept.ParseAdd("text/event-stream");
            var answer = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            answer.EnsureSuccessStatusCode();
            return new(answer, new StreamReader(await answer.Content.ReadAsStreamAsync()));
        }

        /// <summary>Reads until the page holds a text.</summary>
        public async Task SeesAsync(string text)
        {
            using var limit = new CancellationTokenSource(StepMax);
            var wanted = text.Replace("<", "\\u003C", StringComparison.Ordinal)
                .Replace(">", "\\u003E", StringComparison.Ordinal);
            while (await lines.ReadLineAsync(limit.Token) is { } line)
            {
                if (
                    line.StartsWith("data: {", StringComparison.Ordinal)
                    && line.Contains(wanted, StringComparison.Ordinal)
                )
                {
                    return;
                }
            }
            throw new InvalidOperationException("The stream ended.");
        }

        public void Dispose()
        {
            lines.Dispose();
            answer.Dispose();
        }
    }
}
