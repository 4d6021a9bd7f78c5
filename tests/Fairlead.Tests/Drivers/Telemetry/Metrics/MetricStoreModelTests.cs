using CsCheck;
using Fairlead.Drivers.Telemetry.Metrics;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Drivers.Telemetry.Metrics;

/// <summary>Any lives of a store, its heads, blocks and restarts, against a few lines that say what it promises.</summary>
public sealed class MetricStoreModelTests
{
    private const long Minute = 60_000;
    private const long Late = 60 * Minute;
    private static readonly DateTimeOffset Now = new(2026, 3, 2, 12, 0, 0, TimeSpan.Zero);
    private static readonly long Start = Now.ToUnixTimeMilliseconds() - (30 * 60 * Minute);

    private abstract record Act
    {
        public sealed record Append(int Series, int Minute, int Value) : Act;

        public sealed record Flush : Act;

        public sealed record Compact : Act;

        public sealed record Restart : Act;
    }

    // Thirty hours, so that samples lie on both sides of midnight; a few values, so that some are the same.
    private static readonly Gen<Act> AnyAct = Gen.Frequency(
        (
            20,
            Gen.Select(
                Gen.Int[0, 3],
                Gen.Int[0, 1799],
                Gen.Int[0, 2],
                (series, minute, value) => (Act)new Act.Append(series, minute, value)
            )
        ),
        (
            60,
            Gen.Select(
                Gen.Int[0, 3],
                Gen.Int[900, 1000],
                Gen.Int[0, 2],
                (series, minute, value) => (Act)new Act.Append(series, minute, value)
            )
        ),
        (8, Gen.Const((Act)new Act.Flush())),
        (3, Gen.Const((Act)new Act.Compact())),
        (3, Gen.Const((Act)new Act.Restart()))
    );

    [Fact]
    public Task A_store_does_what_it_promises_in_any_order() =>
        AnyAct.Array[1, 150].SampleAsync(RunAsync, iter: 60, threads: 1);

    private static async Task<bool> RunAsync(Act[] acts)
    {
        using var folder = new TempFolder();
        var store = Open(folder);
        var model = new SortedDictionary<long, double>[4];
        for (var series = 0; series < model.Length; series++)
        {
            model[series] = [];
        }
        var isRight = true;
        foreach (var act in acts)
        {
            switch (act)
            {
                case Act.Append one:
                    var expected = Take(model[one.Series], Start + (one.Minute * Minute), one.Value);
                    isRight &= expected == await AppendAsync(store, one);
                    break;
                case Act.Flush:
                    await store.Keeper.FlushAsync(0, CancellationToken.None);
                    break;
                case Act.Compact:
                    store.Keeper.Compact(CancellationToken.None);
                    break;
                default:
                    await store.DisposeAsync();
                    store = Open(folder);
                    break;
            }
        }
        for (var series = 0; series < model.Length; series++)
        {
            isRight &= model[series].SequenceEqual(await ReadAsync(store, series));
        }
        await store.DisposeAsync();
        return isRight;
    }

    private static string Take(SortedDictionary<long, double> kept, long at, double value)
    {
        if (kept.TryGetValue(at, out var known))
        {
            return known.Equals(value) ? "taken" : "metrics.duplicate";
        }
        if (kept.Count > 0 && at < kept.Keys.Max() - Late)
        {
            return "metrics.too-old";
        }
        kept.Add(at, value);
        return "taken";
    }

    private static async Task<string> AppendAsync(MetricStore store, Act.Append one)
    {
        var sample = new Sample(Start + (one.Minute * Minute), one.Value);
        var answer = await store.AppendAsync([new(LabelsOf(one.Series), [sample])], CancellationToken.None);
        return answer.Refused.Keys.SingleOrDefault() ?? (answer.Taken == 1 ? "taken" : "neither");
    }

    private static async Task<List<KeyValuePair<long, double>>> ReadAsync(MetricStore store, int number)
    {
        var columns = new SampleColumns();
        Matcher[] matchers = [new(MatchKind.Equal, "number", $"{number}")];
        foreach (var series in await store.SelectAsync(matchers, 0, long.MaxValue, CancellationToken.None))
        {
            series.Read(0, long.MaxValue, columns);
        }
        return
        [
            .. Enumerable
                .Range(0, columns.Count)
                .Select(place => KeyValuePair.Create(columns.Times[place], columns.Values[place])),
        ];
    }

    private static Labels LabelsOf(int number) => Labels.Of([new(Labels.MetricName, "m"), new("number", $"{number}")]);

    private static MetricStore Open(TempFolder folder) =>
        MetricStore.OpenQuietly(
            folder.Path,
            new() { DiskBytesFree = 0 },
            new World(new FakeTimeProvider(Now), new Random(1)),
            NullLogger.Instance
        );
}
