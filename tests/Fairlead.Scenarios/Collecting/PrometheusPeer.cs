using System.Text.Json.Nodes;

namespace Fairlead.Scenarios.Collecting;

/// <summary>Debian's Prometheus, which takes remote write.</summary>
internal sealed class PrometheusPeer(RealPeer peer, int port) : IAsyncDisposable
{
    private readonly HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{port}") };

    public string Url => $"http://127.0.0.1:{port}";

    /// <param name="config">Its own configuration; empty for none.</param>
    public static async Task<PrometheusPeer> StartAsync(string config = "")
    {
        var (program, folder, port) = (
            RealPeer.Find("prometheus", "prometheus"),
            RealPeer.NewFolder(),
            RealPeer.FreePort()
        );
        await File.WriteAllTextAsync(Path.Combine(folder, "prometheus.yml"), config, RealPeer.Stop);
        using var asking = new HttpClient();
        var peer = await RealPeer.StartAsync(
            (
                program,
                [
                    "--config.file=prometheus.yml",
                    $"--storage.tsdb.path={folder}/data",
                    $"--web.listen-address=127.0.0.1:{port}",
                    "--web.enable-remote-write-receiver",
                ]
            ),
            folder,
            async () => (await asking.GetAsync($"http://127.0.0.1:{port}/-/ready", RealPeer.Stop)).IsSuccessStatusCode
        );
        return new(peer, port);
    }

    /// <summary>What an instant query finds: each series with its value.</summary>
    public async Task<IReadOnlyList<(JsonObject Labels, double Value)>> QueryAsync(string query)
    {
        var answer = await http.GetFromJsonNodeAsync($"/api/v1/query?query={Uri.EscapeDataString(query)}");
        return
        [
            .. answer["data"]!["result"]!
                .AsArray()
                .Select(one =>
                    (
                        one!["metric"]!.AsObject(),
                        double.Parse(
                            one["value"]![1]!.GetValue<string>(),
                            System.Globalization.CultureInfo.InvariantCulture
                        )
                    )
                ),
        ];
    }

    /// <summary>The one value that a query finds, once it finds one that is as it should be.</summary>
    public async Task<double> AwaitAsync(string query, Func<double, bool> isRight)
    {
        IReadOnlyList<(JsonObject, double Value)> found = [];
        await RealPeer.UntilAsync(
            async () =>
            {
                found = await QueryAsync(query);
                return found.Count == 1 && isRight(found[0].Value);
            },
            () => $"{query} gives {string.Join("; ", found)}"
        );
        return found[0].Value;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await peer.DisposeAsync();
    }
}

internal static class JsonAnswers
{
    public static async Task<JsonNode> GetFromJsonNodeAsync(this HttpClient http, string path) =>
        JsonNode.Parse(await http.GetStringAsync(path, RealPeer.Stop))!;
}
