using System.ComponentModel;
using Fairlead.Engine.Guarding.Access;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Operations;

/// <summary>Answers a query in PromQL, at one time or over a time.</summary>
public static class QueryMetrics
{
    private const int SeriesMax = 1_000;
    private const int PointsWanted = 60;

    public sealed record Input
    {
        [Description("A query in PromQL, such as: sum by (service) (rate(fairlead_requests_total[5m])).")]
        [Positional]
        public required string Query { get; init; }

        [Description("When: a time such as 2026-11-26T21:00:00Z, or seconds since 1970; now when left out.")]
        public string? At { get; init; }

        [Description("Over the last such time, such as 1h, instead of at one time.")]
        public string? Last { get; init; }

        [Description("Time between two points, such as 1m; a sixtieth of the whole when left out.")]
        public string? Step { get; init; }
    }

    /// <param name="Kind">scalar, string, vector or matrix.</param>
    /// <param name="Warnings">What may make the answer wrong.</param>
    /// <param name="Notes">What its reader should know.</param>
    public sealed record Output(
        string Kind,
        IReadOnlyList<Line> Series,
        IReadOnlyList<string> Warnings,
        IReadOnlyList<string> Notes
    );

    /// <param name="Series">As <c>up{job="api"}</c>; empty for a number alone.</param>
    /// <param name="Value">The number, or the last one; written so that NaN and infinite ones can be too.</param>
    /// <param name="Trend">Numbers over time as a line of small bars; null at one time.</param>
    /// <param name="Points">Numbers over time as <c>time value</c>; null at one time.</param>
    public sealed record Line(string Series, string Value, string? Trend, IReadOnlyList<string>? Points);

    public static Operation Operation { get; } =
        new Operation<Input, Output>("metric.query", "Answer a query of metrics in PromQL.", Effect.Reads, RunAsync)
        {
            Examples =
            [
                "fairlead metric query 'sum by (service) (rate(fairlead_requests_total[5m]))'",
                "fairlead metric query 'up' --last 1h --step 1m",
            ],
            Needs = Need.Of(Permission.Watch),
        };

    private static async Task<Output> RunAsync(Input input, EngineContext engine, CancellationToken stop)
    {
        var desk = engine.Server.Metrics;
        var at = input.At is { } text
            ? MetricDesk.Time(text) ?? throw Unreadable("at", text, "2026-11-26T21:00:00Z")
            : engine.World.Now.ToUnixTimeMilliseconds();
        if (input.Last is not { } lasting)
        {
            return Of(await desk.InstantAsync(input.Query, at, null, stop));
        }
        var last = MetricDesk.Duration(lasting) is > 0 and var known ? known : throw Unreadable("last", lasting, "1h");
        var step = input.Step is { } given
            ? MetricDesk.Duration(given) is > 0 and var length
                ? length
                : throw Unreadable("step", given, "1m")
            : Math.Max(1_000, last / PointsWanted / 1_000 * 1_000);
        return Of(await desk.RangeAsync(input.Query, (at - last, at, step), null, stop));
    }

    private static Output Of(QueryAnswer answer) =>
        answer.Result switch
        {
            QueryResult.Scalar scalar => Of(answer, "scalar", [new("", MetricDesk.Written(scalar.Value), null, null)]),
            QueryResult.Text text => Of(answer, "string", [new("", text.Value, null, null)]),
            QueryResult.Vector vector => Of(
                answer,
                "vector",
                [
                    .. vector
                        .Elements.Take(SeriesMax)
                        .Select(one => new Line(
                            MetricDesk.Written(one.Labels),
                            MetricDesk.Written(one.Value),
                            null,
                            null
                        )),
                ]
            ),
            QueryResult.Matrix matrix => Of(answer, "matrix", [.. matrix.Series.Take(SeriesMax).Select(Of)]),
            _ => throw new InvalidOperationException($"{answer.Result} is no known result."),
        };

    private static Output Of(QueryAnswer answer, string kind, IReadOnlyList<Line> lines)
    {
        var count = answer.Result switch
        {
            QueryResult.Vector vector => vector.Elements.Count,
            QueryResult.Matrix matrix => matrix.Series.Count,
            _ => lines.Count,
        };
        IReadOnlyList<string> warnings =
            count > lines.Count
                ? [.. answer.Warnings, $"Only {lines.Count} of {count} series are shown."]
                : answer.Warnings;
        return new(kind, lines, warnings, answer.Infos);
    }

    private static Line Of(QuerySeries series)
    {
        var (times, values) = (series.Times.ToArray(), series.Values.ToArray());
        return new(
            MetricDesk.Written(series.Labels),
            MetricDesk.Written(values[^1]),
            Trend(values),
            [
                .. times.Zip(
                    values,
                    (at, value) =>
                        $"{DateTimeOffset.FromUnixTimeMilliseconds(at):yyyy-MM-dd'T'HH:mm:ss'Z'} {MetricDesk.Written(value)}"
                ),
            ]
        );
    }

    /// <summary>A small picture of numbers: <c>▁▂▅█</c>.</summary>
    internal static string Trend(IReadOnlyList<double> values)
    {
        const string Bars = "▁▂▃▄▅▆▇█";
        var finite = values.Where(double.IsFinite).ToList();
        if (finite.Count == 0)
        {
            return "";
        }
        var (least, most) = (finite.Min(), finite.Max());
        var width = Math.Min(values.Count, PointsWanted);
        return string.Concat(
            Enumerable
                .Range(0, width)
                .Select(place => values[place * values.Count / width])
                .Select(value =>
                    !double.IsFinite(value) ? ' '
                    : most > least
                        ? Bars[(int)Math.Min(Bars.Length - 1, (value - least) / (most - least) * Bars.Length)]
                    : Bars[0]
                )
        );
    }

    internal static long LastUnreadable(string text) => throw Unreadable("last", text, "1h");

    private static ProblemException Unreadable(string name, string text, string example) =>
        new(
            new Problem(
                "metric.time",
                What: $"'{text}' cannot be read as --{name}.",
                Why: "Times are written as 2026-11-26T21:00:00Z or as seconds since 1970, lengths of time as 90s, 5m or 1h30m.",
                Fix: $"Write for example: --{name} {example}"
            )
            {
                Trouble = Trouble.WrongUse,
            }
        );
}
