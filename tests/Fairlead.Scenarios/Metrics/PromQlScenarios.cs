using System.Globalization;
using System.Text.Json.Nodes;
using Fairlead.Engine.Judging.PromQl;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Scenarios.Metrics;

/// <summary>
/// The same samples and the same questions for Fairlead and for Debian's Prometheus. Version 2.42 has ranges that are closed on both
/// sides, ours are open on the left: they are asked off the grid of samples, where both hold the same.
/// </summary>
public sealed class PromQlScenarios
{
    private const double Tolerance = 1e-12;
    private const long OffGrid = 6_998;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Questions_are_answered_as_Prometheus_answers_them()
    {
        Assert.SkipWhen(PrometheusPeer.Missing is not null, PrometheusPeer.Missing ?? "");
        var batch = MetricSample.Batch();
        await using var peer = new PrometheusPeer();
        await peer.StartAsync(batch, Stop);
        var store = new MemoryMetrics();
        await store.AppendAsync(batch, Stop);
        var engine = new QueryEngine(store, new World(TimeProvider.System, new Random(1)));

        var differences = new List<string>();
        foreach (var query in Questions.All)
        {
            foreach (var at in (long[])[MetricSample.Start + 1_800_000 + OffGrid, MetricSample.End - 600_000 + OffGrid])
            {
                await CompareAsync(
                    $"{query} at {at}",
                    () => engine.InstantAsync(query, at, null, Stop),
                    () => peer.AskAsync("/api/v1/query", Stop, ("query", query), ("time", Seconds(at))),
                    differences
                );
            }
            var (start, end) = (MetricSample.Start + 1_800_000 + OffGrid, MetricSample.End + 600_000 + OffGrid);
            await CompareAsync(
                $"{query} over time",
                () => engine.RangeAsync(query, (start, end, 120_000), null, Stop),
                () =>
                    peer.AskAsync(
                        "/api/v1/query_range",
                        Stop,
                        ("query", query),
                        ("start", Seconds(start)),
                        ("end", Seconds(end)),
                        ("step", "120")
                    ),
                differences
            );
        }
        Assert.True(differences.Count == 0, string.Join('\n', differences));
    }

    private static string Seconds(long milliseconds) =>
        (milliseconds / 1000.0).ToString("F3", CultureInfo.InvariantCulture);

    private static async Task CompareAsync(
        string asked,
        Func<Task<QueryAnswer>> ours,
        Func<Task<JsonNode>> theirs,
        List<string> differences
    )
    {
        var expected = await theirs();
        SortedDictionary<string, SortedDictionary<long, double>> wanted;
        try
        {
            var answer = await ours();
            if (expected["status"]!.GetValue<string>() == "error")
            {
                differences.Add($"{asked}: Prometheus refuses it: {expected["error"]}");
                return;
            }
            wanted = Read(expected["data"]!);
            var found = Read(answer.Result);
            if (Unlike(wanted, found) is { } difference)
            {
                differences.Add($"{asked}: {difference}");
            }
        }
        catch (ProblemException caught)
        {
            if (expected["status"]!.GetValue<string>() != "error")
            {
                differences.Add($"{asked}: refused: {caught.Problem.Why}");
            }
        }
    }

    private static string? Unlike(
        SortedDictionary<string, SortedDictionary<long, double>> wanted,
        SortedDictionary<string, SortedDictionary<long, double>> found
    )
    {
        if (!wanted.Keys.SequenceEqual(found.Keys))
        {
            return $"series {string.Join(' ', wanted.Keys.Except(found.Keys).Take(3))} missing, {string.Join(' ', found.Keys.Except(wanted.Keys).Take(3))} too many";
        }
        foreach (var (series, points) in wanted)
        {
            if (!points.Keys.SequenceEqual(found[series].Keys))
            {
                return $"{series} has other times: {points.Count} expected, {found[series].Count} found";
            }
            foreach (var (at, value) in points)
            {
                if (!AreEqual(value, found[series][at]))
                {
                    return string.Create(
                        CultureInfo.InvariantCulture,
                        $"{series} at {at}: expected {value:R}, found {found[series][at]:R}"
                    );
                }
            }
        }
        return null;
    }

    private static bool AreEqual(double wanted, double found) =>
        wanted.Equals(found)
        || wanted == found
        || Math.Abs(wanted - found) <= Tolerance * Math.Max(Math.Abs(wanted), Math.Abs(found));

    private static SortedDictionary<string, SortedDictionary<long, double>> Read(JsonNode data)
    {
        var all = new SortedDictionary<string, SortedDictionary<long, double>>(StringComparer.Ordinal);
        var result = data["result"]!;
        if (data["resultType"]!.GetValue<string>() is "scalar")
        {
            all["scalar"] = Points([result]);
            return all;
        }
        if (data["resultType"]!.GetValue<string>() is "string")
        {
            all[result[1]!.GetValue<string>()] = [];
            return all;
        }
        foreach (var series in result.AsArray())
        {
            var labels = Labels.Of(
                series!["metric"]!.AsObject().Select(one => new Label(one.Key, one.Value!.GetValue<string>()))
            );
            all[Written.Set(labels)] = Points(series["values"]?.AsArray() ?? [series["value"]!.DeepClone()]);
        }
        return all;
    }

    private static SortedDictionary<long, double> Points(IEnumerable<JsonNode?> points)
    {
        var all = new SortedDictionary<long, double>();
        foreach (var point in points)
        {
            all[(long)Math.Round(point![0]!.GetValue<double>() * 1000)] = Numbers
                .ReadReal(point[1]!.GetValue<string>())!
                .Value;
        }
        return all;
    }

    private static SortedDictionary<string, SortedDictionary<long, double>> Read(QueryResult result)
    {
        var all = new SortedDictionary<string, SortedDictionary<long, double>>(StringComparer.Ordinal);
        switch (result)
        {
            case QueryResult.Scalar scalar:
                all["scalar"] = new() { [scalar.At] = scalar.Value };
                break;
            case QueryResult.Text text:
                all[text.Value] = [];
                break;
            case QueryResult.Vector vector:
                foreach (var (labels, value) in vector.Elements)
                {
                    all[Written.Set(labels)] = new() { [vector.At] = value };
                }
                break;
            case QueryResult.Matrix matrix:
                foreach (var series in matrix.Series)
                {
                    var points = all[Written.Set(series.Labels)] = [];
                    for (var i = 0; i < series.Times.Length; i++)
                    {
                        points[series.Times.Span[i]] = series.Values.Span[i];
                    }
                }
                break;
        }
        return all;
    }
}
