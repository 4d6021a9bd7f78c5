using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Bench.Telemetry;

/// <summary>
/// Our store of metrics beside Prometheus and VictoriaMetrics, in one run: the same requests over the same wire. Single numbers are
/// this machine's; ratios carry over.
/// </summary>
internal static class TelemetryBench
{
    private const int Steps = 10_000;
    private const int Shards = 4;
    private const int SamplesOfRequest = 2_000;
    private const int ManySeries = 300_000;
    private const int Kills = 20;

    // Prometheus takes no sample an hour behind its newest, so no shard may run far ahead: ten requests are twenty minutes.
    private const int RequestsOfRound = 10;

    private static readonly HttpClient Http = new(new SocketsHttpHandler { MaxConnectionsPerServer = Shards });

    private static readonly (string Name, string Query, TimeSpan? Range)[] Queries =
    [
        (
            "Q1 error rate by service, 5 min (ms)",
            "sum by (service) (rate(http_requests_total{code=~\"5..\"}[5m])) / sum by (service) (rate(http_requests_total[5m]))",
            null
        ),
        (
            "Q2 p95 by service, 5 min (ms)",
            "histogram_quantile(0.95, sum by (service, le) (rate(http_request_duration_seconds_bucket[5m])))",
            null
        ),
        (
            "Q3 p95 over 6 h, every 60 s (ms)",
            "histogram_quantile(0.95, sum by (service, le) (rate(http_request_duration_seconds_bucket[5m])))",
            TimeSpan.FromHours(6)
        ),
        ("Q4 increase over 24 h (ms)", "sum(increase(http_requests_total[24h]))", null),
        ("Q5 average of all 10 M samples (ms)", "avg(avg_over_time({job=\"apps\"}[42h]))", null),
    ];

    public static async Task<int> RunAsync()
    {
        var root = Directory.CreateTempSubdirectory("fl-bench-metrics-").FullName;
        try
        {
            await RunAsync(root);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
        return 0;
    }

    private static async Task RunAsync(string root)
    {
        var start =
            (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() / MetricLoad.Step * MetricLoad.Step)
            - (Steps * MetricLoad.Step);
        Console.WriteLine("making requests");
        var requests = MetricLoad.Requests(start, Steps, Shards, SamplesOfRequest);
        var peers = MetricPeer.All(root);
        var results = new Results();
        foreach (var peer in peers)
        {
            Console.WriteLine($"10 M samples into {peer.Name}");
            using (peer)
            {
                await IngestAsync(peer, requests, results);
                await QueryAsync(peer, start + ((Steps - 20) * MetricLoad.Step) + 7_000, results);
                await peer.StopAsync();
                results.Add(peer.Name, "after a clean start (ms)", (await peer.StartAsync()).TotalMilliseconds);
                await Task.Delay(TimeSpan.FromSeconds(2));
                results.Add(peer.Name, "bytes a sample, settled", peer.DiskBytes() / (double)Total);
            }
        }
        foreach (var peer in MetricPeer.All(Directory.CreateDirectory(Path.Combine(root, "many")).FullName))
        {
            Console.WriteLine($"{ManySeries} series into {peer.Name}");
            using (peer)
            {
                await ManyAsync(peer, results);
            }
        }
        Console.WriteLine(results.Table());
        await InProcessAsync(Path.Combine(root, "own"), start);
        await KillRun.RunAsync(Path.Combine(root, "killed"), Kills);
    }

    private static long Total => (long)Steps * MetricLoad.Series;

    private static async Task IngestAsync(
        MetricPeer peer,
        IReadOnlyList<IReadOnlyList<byte[]>> requests,
        Results results
    )
    {
        await peer.StartAsync();
        var (processor, clock) = (peer.Processor(), Stopwatch.GetTimestamp());
        for (var round = 0; round * RequestsOfRound < requests[0].Count; round++)
        {
            var part = requests.Select(shard => shard.Skip(round * RequestsOfRound).Take(RequestsOfRound).ToList());
            await Task.WhenAll(part.Select(shard => Task.Run(() => SendAsync(peer.Write, shard))));
        }
        var wall = Stopwatch.GetElapsedTime(clock);
        var used = peer.Processor() - processor;
        results.Add(peer.Name, "ingest, samples a second", Total / wall.TotalSeconds);
        results.Add(peer.Name, "processor seconds for 10 M", used.TotalSeconds);
        results.Add(peer.Name, "memory at most (MiB)", peer.MemoryMost() / 1048576d);
        // Whatever it does afterwards counts as well.
        await Task.Delay(TimeSpan.FromSeconds(8));
        results.Add(peer.Name, "processor seconds, 8 s later", (peer.Processor() - processor).TotalSeconds);
        results.Add(peer.Name, "memory then (MiB)", peer.Memory() / 1048576d);
    }

    private static async Task SendAsync(Uri to, IEnumerable<byte[]> requests)
    {
        foreach (var request in requests)
        {
            using var content = new ByteArrayContent(request);
            content.Headers.ContentType = new MediaTypeHeaderValue("application/x-protobuf");
            content.Headers.ContentEncoding.Add("snappy");
            using var message = new HttpRequestMessage(HttpMethod.Post, to) { Content = content };
            message.Headers.Add("X-Prometheus-Remote-Write-Version", "0.1.0");
            using var answer = await Http.SendAsync(message);
            if (!answer.IsSuccessStatusCode)
            {
                throw new InvalidOperationException(
                    $"{to} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}"
                );
            }
        }
    }

    private static async Task QueryAsync(MetricPeer peer, long at, Results results)
    {
        foreach (var (name, query, range) in Queries)
        {
            var text = Uri.EscapeDataString(query);
            var now = (at / 1000d).ToString(CultureInfo.InvariantCulture);
            var from = ((at - (range?.TotalMilliseconds ?? 0)) / 1000d).ToString(CultureInfo.InvariantCulture);
            var path = range is null
                ? $"/api/v1/query?query={text}&time={now}&nocache=1"
                : $"/api/v1/query_range?query={text}&start={from}&end={now}&step=60&nocache=1";
            var times = new List<double>();
            for (var turn = 0; turn < 8; turn++)
            {
                var clock = Stopwatch.GetTimestamp();
                if (await peer.AskAsync(path) is null)
                {
                    break;
                }
                times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
            }
            if (times.Count > 1)
            {
                results.Add(peer.Name, name, times.Skip(1).Order().ElementAt((times.Count - 1) / 2));
            }
        }
    }

    private static async Task ManyAsync(MetricPeer peer, Results results)
    {
        await peer.StartAsync();
        var now = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - 60_000;
        for (var step = 0; step < 4; step++)
        {
            await SendAsync(peer.Write, MetricLoad.ManySeries(now + (step * MetricLoad.Step), ManySeries, 5_000));
        }
        results.Add(peer.Name, "300,000 series: memory (MiB)", peer.Memory() / 1048576d);
        results.Add(peer.Name, "300,000 series: memory at most (MiB)", peer.MemoryMost() / 1048576d);
        await peer.KillAsync();
        results.Add(peer.Name, "300,000 series: start after kill -9 (ms)", (await peer.StartAsync()).TotalMilliseconds);
        results.Add(peer.Name, "300,000 series: memory after it (MiB)", peer.Memory() / 1048576d);
    }

    private static async Task InProcessAsync(string folder, long start)
    {
        Console.WriteLine("in our own process, without HTTP:");
        var world = new World(TimeProvider.System, new Random(1));
        await using var store = MetricStore.Open(folder, new MetricStoreSettings(), world, NullLogger.Instance);
        var load = new MetricLoad();
        var batches = new List<SeriesSamples[]>();
        var spent = TimeSpan.Zero;
        for (var step = 0; step < Steps; step++)
        {
            load.Advance();
            batches.Add([.. load.Samples(start + (step * MetricLoad.Step), 0, MetricLoad.Series)]);
            if (batches.Count == 200)
            {
                var clock = Stopwatch.GetTimestamp();
                foreach (var batch in batches)
                {
                    await store.AppendAsync(batch, CancellationToken.None);
                }
                spent += Stopwatch.GetElapsedTime(clock);
                batches.Clear();
            }
        }
        Say("append, each 1,000 samples on disk", $"{Total / spent.TotalSeconds:n0} samples a second");
        await Task.Delay(TimeSpan.FromSeconds(5));
        var end = start + ((Steps - 20) * MetricLoad.Step) + 7_000;
        Read(store, "5 min of 250 counters", "http_requests_total", end - 300_000, end);
        Read(store, "5 min of 600 buckets", "http_request_duration_seconds_bucket", end - 300_000, end);
        Read(store, "6 h of 600 buckets", "http_request_duration_seconds_bucket", end - 21_600_000, end);
        Read(store, "24 h of 250 counters", "http_requests_total", end - 86_400_000, end);
        Read(store, "all of 1,000 series", ".+", 0, long.MaxValue);
        var figures = store.Figures;
        Say("on disk", $"{figures.DiskBytes / (double)Total:0.00} bytes a sample in {figures.Blocks} blocks");
    }

    private static void Read(MetricStore store, string what, string metric, long from, long to)
    {
        Matcher[] matchers = [new(MatchKind.Regex, Labels.MetricName, metric)];
        var columns = new SampleColumns();
        var times = new List<double>();
        long samples = 0;
        for (var turn = 0; turn < 8; turn++)
        {
            samples = 0;
            var clock = Stopwatch.GetTimestamp();
            foreach (var series in store.SelectAsync(matchers, from, to, CancellationToken.None).Result)
            {
                columns.Clear();
                series.Read(from, to, columns);
                samples += columns.Count;
            }
            times.Add(Stopwatch.GetElapsedTime(clock).TotalMilliseconds);
        }
        Say($"select and read {what}", $"{times.Skip(1).Order().ElementAt(3):0.00} ms, {samples:n0} samples");
    }

    private static void Say(string what, string figure) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {what}: {figure}"));
}
