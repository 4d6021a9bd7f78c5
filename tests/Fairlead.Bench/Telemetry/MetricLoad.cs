using Fairlead.Drivers.Formats.RemoteWrite;
using Fairlead.Model.Telemetry;

namespace Fairlead.Bench.Telemetry;

/// <summary>
/// What ten services with five routes each would have written: for each route counters of five statuses, a histogram of twelve
/// buckets with its sum and count, and a gauge; every 15 s. The same for every store.
/// </summary>
internal sealed class MetricLoad
{
    public const int Services = 10;
    public const int Routes = 5;
    public const int SeriesOfRoute = 20;
    public const int Series = Services * Routes * SeriesOfRoute;
    public const long Step = 15_000;

    private static readonly string[] Codes = ["200", "201", "404", "500", "503"];
    private static readonly string[] Bounds =
    [
        "0.005",
        "0.01",
        "0.025",
        "0.05",
        "0.1",
        "0.25",
        "0.5",
        "1",
        "2.5",
        "5",
        "10",
        "+Inf",
    ];

    private static readonly double[] Shares = [0.05, 0.15, 0.35, 0.6, 0.8, 0.92, 0.97, 0.99, 0.996, 0.999, 0.9998, 1];

    private readonly Labels[] labels = new Labels[Series];
    private readonly double[] values = new double[Series];
    private readonly Random random = new(7);

    public MetricLoad()
    {
        for (var route = 0; route < Services * Routes; route++)
        {
            for (var place = 0; place < SeriesOfRoute; place++)
            {
                labels[(route * SeriesOfRoute) + place] = LabelsOf(route, place);
            }
        }
    }

    /// <summary>The samples of the next step.</summary>
    public void Advance()
    {
        for (var route = 0; route < Services * Routes; route++)
        {
            var now = values.AsSpan(route * SeriesOfRoute, SeriesOfRoute);
            var requests = random.Next(150, 600);
            var failed = random.Next(0, 4);
            now[0] += requests;
            now[1] += random.Next(0, 40);
            now[2] += random.Next(0, 10);
            now[3] += failed;
            now[4] += random.Next(0, 20) == 0 ? 1 : 0;
            for (var bucket = 0; bucket < Bounds.Length; bucket++)
            {
                now[5 + bucket] += Math.Round(requests * Shares[bucket] * (0.97 + (random.NextDouble() * 0.03)));
            }
            now[17] += requests * 0.087 * (0.9 + (random.NextDouble() * 0.2));
            now[18] += requests;
            now[19] = random.Next(0, 64);
        }
    }

    /// <summary>One series with one sample each, for the series from <paramref name="first"/> on.</summary>
    public IEnumerable<SeriesSamples> Samples(long at, int first, int count)
    {
        for (var place = first; place < first + count; place++)
        {
            yield return new(labels[place], [new(at, values[place])]);
        }
    }

    /// <summary>
    /// All requests of remote write, as a sender with some shards makes them: each shard has its series, and sends them in order.
    /// </summary>
    public static IReadOnlyList<IReadOnlyList<byte[]>> Requests(long start, int steps, int shards, int samplesOfRequest)
    {
        var load = new MetricLoad();
        var size = Series / shards;
        var stepsOfRequest = Math.Max(1, samplesOfRequest / size);
        var waiting = Enumerable.Range(0, shards).Select(_ => new List<SeriesSamples>()).ToList();
        var requests = Enumerable.Range(0, shards).Select(_ => new List<byte[]>()).ToList();
        for (var step = 0; step < steps; step++)
        {
            load.Advance();
            for (var shard = 0; shard < shards; shard++)
            {
                waiting[shard].AddRange(load.Samples(start + (step * Step), shard * size, size));
                if ((step + 1) % stepsOfRequest == 0 || step == steps - 1)
                {
                    requests[shard].Add(RemoteWriteWriter.Write(waiting[shard]));
                    waiting[shard].Clear();
                }
            }
        }
        return requests;
    }

    /// <summary>Requests for very many series: pods that come and go, with the labels that Kubernetes gives them.</summary>
    public static IEnumerable<byte[]> ManySeries(long at, int series, int samplesOfRequest)
    {
        for (var first = 0; first < series; first += samplesOfRequest)
        {
            yield return RemoteWriteWriter.Write(
                Enumerable
                    .Range(first, Math.Min(samplesOfRequest, series - first))
                    .Select(number => new SeriesSamples(Pod(number), [new(at, number % 97)]))
            );
        }
    }

    private static Labels Pod(int number) =>
        Labels.Of([
            new(Labels.MetricName, $"container_metric_{number % 60}"),
            new("namespace", $"team-{number / 60 % 20}"),
            new("pod", $"service-{number / 1200 % 50}-7d9f8b6c5d-{number / 60:x5}"),
            new("instance", $"10.0.{number / 1200 % 50}.{number / 60 % 250}:9100"),
            new("job", "kubelet"),
            new("container", $"main-{number % 3}"),
        ]);

    private static Labels LabelsOf(int route, int place)
    {
        Label[] common =
        [
            new("service", $"service-{route / Routes}"),
            new("route", $"/api/v1/resource-{route % Routes}"),
            new("instance", "10.0.0.1:8080"),
            new("job", "apps"),
        ];
        return place switch
        {
            < 5 => Labels.Of([.. common, new("__name__", "http_requests_total"), new("code", Codes[place])]),
            < 17 => Labels.Of([
                .. common,
                new("__name__", "http_request_duration_seconds_bucket"),
                new("le", Bounds[place - 5]),
            ]),
            17 => Labels.Of([.. common, new("__name__", "http_request_duration_seconds_sum")]),
            18 => Labels.Of([.. common, new("__name__", "http_request_duration_seconds_count")]),
            _ => Labels.Of([.. common, new("__name__", "http_requests_in_flight")]),
        };
    }
}
