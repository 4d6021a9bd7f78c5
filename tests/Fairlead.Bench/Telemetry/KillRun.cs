using System.Diagnostics;
using System.Globalization;
using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Bench.Telemetry;

/// <summary>A process appends and says what was acknowledged; it is killed at any moment; what it said must be there. Again and again in one folder.</summary>
internal static class KillRun
{
    private const int Series = 200;
    private static readonly MetricStoreSettings Small = new() { HeadSamplesMax = 40_000 };

    public static async Task RunAsync(string folder, int kills)
    {
        var (lost, acknowledged, random) = (0L, 0L, new Random(3));
        var start = DateTimeOffset.UtcNow.AddHours(-9).ToUnixTimeMilliseconds();
        for (var kill = 0; kill < kills; kill++)
        {
            var said = await RunToDeathAsync(folder, start, TimeSpan.FromMilliseconds(random.Next(400, 1500)));
            acknowledged = Math.Max(acknowledged, said);
            lost += await LostAsync(folder, start, acknowledged);
        }
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"  killed {kills} times while appending: {acknowledged * Series:n0} samples acknowledged, {lost:n0} lost"
            )
        );
    }

    /// <summary>In the process that is killed: appends step after step and says each that is acknowledged.</summary>
    public static async Task<int> AppendAsync(string folder, string since)
    {
        var start = long.Parse(since, CultureInfo.InvariantCulture);
        await using var store = MetricStore.Open(folder, Small, World(), NullLogger.Instance);
        var columns = new SampleColumns();
        foreach (var series in await store.SelectAsync([new(MatchKind.Equal, "id", "0")], 0, long.MaxValue, default))
        {
            series.Read(0, long.MaxValue, columns);
        }
        for (long step = columns.Count; ; step++)
        {
            var at = start + (step * 1000);
            var answer = await store.AppendAsync(
                [.. Enumerable.Range(0, Series).Select(id => new SeriesSamples(LabelsOf(id), [new(at, step + id)]))],
                default
            );
            if (answer.Refused.Count > 0)
            {
                return 1;
            }
            await Console.Out.WriteLineAsync($"{step + 1}");
            await Console.Out.FlushAsync();
        }
    }

    private static async Task<long> RunToDeathAsync(string folder, long start, TimeSpan life)
    {
        var order = new ProcessStartInfo(
            "dotnet",
            [typeof(KillRun).Assembly.Location, "serve", "kill", folder, $"{start}"]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        using var child = Process.Start(order)!;
        var said = 0L;
        var reading = Task.Run(async () =>
        {
            while (await child.StandardOutput.ReadLineAsync() is { } line)
            {
                // The last line may be cut off.
                said = long.TryParse(line, CultureInfo.InvariantCulture, out var steps) && steps > said ? steps : said;
            }
        });
        while (Volatile.Read(ref said) == 0 && !child.HasExited)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10));
        }
        await Task.Delay(life);
        child.Kill();
        await child.WaitForExitAsync();
        await reading;
        return said;
    }

    private static async Task<long> LostAsync(string folder, long start, long acknowledged)
    {
        await using var store = MetricStore.OpenQuietly(folder, Small, World(), NullLogger.Instance);
        var lost = acknowledged * Series;
        var columns = new SampleColumns();
        foreach (var series in await store.SelectAsync([], 0, long.MaxValue, default))
        {
            columns.Clear();
            series.Read(start, start + (acknowledged * 1000) - 1, columns);
            var id = int.Parse(series.Labels["id"], CultureInfo.InvariantCulture);
            for (var place = 0; place < columns.Count; place++)
            {
                var step = (columns.Times[place] - start) / 1000;
                lost -= columns.Values[place] == step + id ? 1 : 0;
            }
        }
        return lost;
    }

    private static World World() => new(TimeProvider.System, new Random(1));

    private static Labels LabelsOf(int id) =>
        Labels.Of([new(Labels.MetricName, "killed"), new("id", id.ToString(CultureInfo.InvariantCulture))]);
}
