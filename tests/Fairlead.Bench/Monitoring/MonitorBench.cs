using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Fairlead.Drivers.Monitoring;
using Fairlead.Drivers.Stores;
using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Responding.Monitors;
using Fairlead.Model.Monitoring;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Bench.Monitoring;

/// <summary>
/// Many HTTP monitors at a steady pace against a server of a few lines on loopback, with the real probes, the real stores on disk and
/// the real clock. The server is in the same process, so what is printed is more than monitors alone take.
/// </summary>
internal static class MonitorBench
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    public static async Task<int> RunAsync(int monitors, TimeSpan time)
    {
        var folder = Directory.CreateTempSubdirectory("fairlead-monitors-").FullName;
        try
        {
            return await MeasureAsync(folder, monitors, time);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<int> MeasureAsync(string folder, int monitors, TimeSpan time)
    {
        var world = new World(TimeProvider.System, new Random(1));
        using var server = new Answers();
        using var store = SqliteStore.Open(Path.Combine(folder, "fairlead.db"), world);
        await using var metrics = MetricStore.Open(Path.Combine(folder, "metrics"), new(), world, NullLogger.Instance);
        var fence = await store.TakeChargeAsync("bench", CancellationToken.None);
        await AddAsync(store, fence, monitors, server.Port, world.Now);
        using var probes = new AllMonitorProbes(_ => null, world);
        var records = new MonitorRecords(store, () => fence);
        var desk = new MonitorDesk(
            new(
                new(store, records, new("127.0.0.1:1", null)),
                records,
                new(probes.Entries, _ => null, world, NullLogger.Instance),
                metrics,
                new NetworkReference(_ => null, world),
                key => key
            ),
            world,
            NullLogger<MonitorDesk>.Instance
        );
        using var stop = new CancellationTokenSource(time);
        using var process = Process.GetCurrentProcess();
        var (cpu, began) = (process.TotalProcessorTime, Stopwatch.GetTimestamp());
        try
        {
            await desk.RunAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            // Its time is over.
        }
        process.Refresh();
        return Print(desk, (process.TotalProcessorTime - cpu) / Stopwatch.GetElapsedTime(began), process.WorkingSet64);
    }

    private static int Print(MonitorDesk desk, double cores, long memory)
    {
        var page = new MetricPage();
        desk.Measure(page);
        foreach (var sample in page.Samples)
        {
            Console.WriteLine(
                string.Create(CultureInfo.InvariantCulture, $"{sample.Labels.Name, -40} {sample.Value:0.####}")
            );
        }
        foreach (var state in desk.Sights.Values.GroupBy(one => one.Shown))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{state.Key, -40} {state.Count()}"));
        }
        var took = desk.Sights.Values.Select(one => one.Last?.Took.TotalMilliseconds ?? 0).Order().ToList();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"last looks: median {took[took.Count / 2]:0.00} ms, longest {took[^1]:0.00} ms\ncores {cores:0.000}, memory {memory / 1048576.0:0} MiB"
            )
        );
        return desk.Sights.Values.All(one => one.Shown is MonitorState.Up) ? 0 : 1;
    }

    private static async Task AddAsync(IStore store, Fence fence, int monitors, int port, DateTimeOffset now)
    {
        var url = string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/healthz");
        List<Write> writes = [];
        for (var at = 0; at < monitors; at++)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"m{at}");
            var spec = new MonitorSpec
            {
                Name = name,
                Url = url,
                Every = Every,
                Timeout = TimeSpan.FromSeconds(5),
                Expect = new() { Body = "ok" },
            };
            writes.Add(new(SavedMonitor.Collection, name, Records.Body(new SavedMonitor(spec, "bench", now))));
        }
        await store.CommitAsync(new Change(fence) { Writes = writes }, CancellationToken.None);
    }

    /// <summary>Answers each connection once, with the same words.</summary>
    private sealed class Answers : IDisposable
    {
        private static readonly byte[] Words = Encoding.ASCII.GetBytes(
            "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
        );

        private readonly TcpListener listener = new(IPAddress.Loopback, 0);

        public Answers()
        {
            listener.Start(backlog: 1000);
            _ = ServeAsync();
        }

        public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

        public void Dispose() => listener.Dispose();

        private async Task ServeAsync()
        {
            try
            {
                while (true)
                {
                    _ = AnswerAsync(await listener.AcceptTcpClientAsync());
                }
            }
            catch (Exception caught) when (caught is SocketException or ObjectDisposedException)
            {
                // The measurement is over.
            }
        }

        private static async Task AnswerAsync(TcpClient client)
        {
            using (client)
            {
                try
                {
                    var buffer = new byte[4096];
                    _ = await client.GetStream().ReadAsync(buffer);
                    await client.GetStream().WriteAsync(Words);
                }
                catch (IOException)
                {
                    // Who asked has gone.
                }
            }
        }
    }
}
