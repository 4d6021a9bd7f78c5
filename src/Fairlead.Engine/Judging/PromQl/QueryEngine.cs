using Fairlead.Engine.Judging.PromQl.Evaluating;
using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Judging.PromQl;

/// <summary>
/// Answers PromQL with the semantics of Prometheus 3: ranges and the look-back are open on the left, metric names are dropped at the
/// end (<c>promql-delayed-name-removal</c>), experimental functions are on. Native histograms do not exist here.
/// </summary>
public sealed class QueryEngine(IMetricStore store, World world, QueryOptions? options = null)
{
    private readonly QueryOptions options = options ?? new();

    /// <summary>The answer at one time.</summary>
    /// <param name="timeout">At most the engine's own limit; null for that.</param>
    /// <exception cref="ProblemException">The query cannot be read, has no answer, or costs too much.</exception>
    public async Task<QueryAnswer> InstantAsync(string query, long at, TimeSpan? timeout, CancellationToken stop)
    {
        var timeline = new Timeline(at, at, Step: 1);
        return await RunAsync(
            (query, timeline, timeout),
            (expression, evaluator) => Instant(expression, evaluator, timeline),
            stop
        );
    }

    /// <summary>The answer at each step from a time to a time, both included, in milliseconds.</summary>
    /// <inheritdoc cref="InstantAsync"/>
    public async Task<QueryAnswer> RangeAsync(
        string query,
        (long Start, long End, long Step) times,
        TimeSpan? timeout,
        CancellationToken stop
    )
    {
        var timeline = Checked(times);
        return await RunAsync(
            (query, timeline, timeout),
            (expression, evaluator) => Range(expression, evaluator, timeline),
            stop
        );
    }

    /// <summary>The query as it is written in one form: keywords in small letters, spaces where they belong.</summary>
    /// <exception cref="ProblemException">The query cannot be read.</exception>
    public static string Format(string query) => Printer.Print(Parser.Read(query));

    /// <summary>The matchers of a selector: <c>up{job="api"}</c>.</summary>
    /// <exception cref="ProblemException">It cannot be read.</exception>
    public static IReadOnlyList<Matcher> Selector(string text) => Parser.ReadSelector(text).Matchers;

    /// <summary>
    /// The selectors of a query that find nothing now although they did a while ago, each as it is written: for want of them nothing is known.
    /// </summary>
    /// <param name="ago">How far back.</param>
    /// <exception cref="ProblemException">The query cannot be read, or costs too much.</exception>
    public async Task<IReadOnlyList<string>> LostAsync(string query, long at, TimeSpan ago, CancellationToken stop)
    {
        var expression = Parser.Read(query);
        var lost = new HashSet<string>(StringComparer.Ordinal);
        foreach (var selector in Needs.All(expression).DistinctBy(Text))
        {
            if (
                (await InstantAsync(Text(selector), at, timeout: null, stop)).Result
                    is QueryResult.Vector { Elements: [] }
                && await store.SelectAsync(selector.Matchers, at - (long)ago.TotalMilliseconds, at, stop) is [_, ..]
            )
            {
                lost.Add(Text(selector));
            }
        }
        return [.. Needs.Missing(expression, one => lost.Contains(Text(one))).Select(Text).Distinct()];
    }

    private static string Text(VectorSelector selector) => Printer.Print(selector with { Look = Look.Now });

    private Timeline Checked((long Start, long End, long Step) times)
    {
        if (times.Step <= 0)
        {
            throw Faults.Range(
                $"A step of {times.Step} ms leads nowhere.",
                "zero or negative query resolution step widths are not accepted. Try a positive integer",
                "Give a step such as 15s."
            );
        }
        if (times.End < times.Start)
        {
            throw Faults.Range(
                "The query ends before it starts.",
                "end timestamp must not be before start time",
                "Change the order of start and end."
            );
        }
        var points = (times.End - times.Start) / times.Step;
        if (points > options.PointsMax)
        {
            throw Faults.Range(
                $"The query asks for {points + 1} points of each series.",
                $"exceeded maximum resolution of {options.PointsMax:N0} points per timeseries. Try decreasing the query resolution (?step=XX)",
                "Give a longer step, or a shorter time."
            );
        }
        return new(times.Start, times.End, times.Step);
    }

    private async Task<QueryAnswer> RunAsync(
        (string Query, Timeline Timeline, TimeSpan? Timeout) asked,
        Func<Expression, Evaluator, QueryResult> answer,
        CancellationToken stop
    )
    {
        var limit = asked.Timeout is { } given && given < options.Timeout ? given : options.Timeout;
        using var late = new CancellationTokenSource(limit, world.Clock);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop, late.Token);
        try
        {
            var expression = new Resolver(asked.Timeline).Resolve(Parser.Read(asked.Query));
            var series = new SeriesLookup(store, options);
            await series.FindAsync(expression, asked.Timeline, ending.Token);
            var frame = new Frame(asked.Timeline, options, new(options.SamplesMax, ending.Token), new())
            {
                Series = series.Found,
            };
            var result = answer(expression, new(frame));
            return new(result, frame.Annotations.Warnings(asked.Query), frame.Annotations.Infos(asked.Query))
            {
                SamplesRead = frame.Budget.Read,
            };
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !stop.IsCancellationRequested)
        {
            throw Faults.Timeout(limit);
        }
    }

    private static QueryResult Instant(Expression expression, Evaluator evaluator, Timeline timeline)
    {
        var at = timeline.Start;
        return expression.Kind switch
        {
            ValueKind.Text => new QueryResult.Text(at, ((TextLiteral)expression.Bare).Value),
            ValueKind.Scalar => new QueryResult.Scalar(at, evaluator.Scalar(expression, timeline)[0]),
            ValueKind.Vector => new QueryResult.Vector(
                at,
                [
                    .. Merging
                        .WithoutDroppedNames(evaluator.Vector(expression, timeline))
                        .Where(static row => !Absent.Is(row.Values[0]))
                        .Select(static row => new QueryElement(row.Labels, row.Values[0])),
                ]
            ),
            _ => new QueryResult.Matrix(Ranges(expression, evaluator, timeline)),
        };
    }

    /// <summary>An instant query of a range gives its samples as they are.</summary>
    private static List<QuerySeries> Ranges(Expression expression, Evaluator evaluator, Timeline timeline)
    {
        var (look, range) = Evaluator.RangeOf(expression);
        var (end, start) = (look.From(timeline.Start), look.From(timeline.Start) - range);
        var all = new List<QuerySeries>();
        foreach (var (labels, dropsName, samples) in evaluator.Ranges(expression, timeline))
        {
            var first = samples.Times.BinarySearch(start + 1) is var from && from < 0 ? ~from : from;
            var last = samples.Times.BinarySearch(end + 1) is var to && to < 0 ? ~to : to;
            if (first < last)
            {
                all.Add(
                    new(
                        dropsName ? Named.Without(labels) : labels,
                        samples.Times[first..last].ToArray(),
                        samples.Values[first..last].ToArray()
                    )
                );
            }
        }
        all.Sort(static (left, right) => Ordering.OfLabels(left.Labels, right.Labels));
        return all;
    }

    private static QueryResult.Matrix Range(Expression expression, Evaluator evaluator, Timeline timeline)
    {
        if (expression.Kind is not (ValueKind.Scalar or ValueKind.Vector))
        {
            throw Faults.Range(
                "A range query cannot give this.",
                $"invalid expression type \"{Checker.Name(expression.Kind)}\" for range query, must be Scalar or instant Vector",
                "Ask for it at one time, or put a function such as rate() around it."
            );
        }
        var times = new long[timeline.Count];
        for (var step = 0; step < times.Length; step++)
        {
            times[step] = timeline.At(step);
        }
        if (expression.IsScalar)
        {
            return new([new(Labels.None, times, evaluator.Scalar(expression, timeline))]);
        }
        var rows = Merging.WithoutDroppedNames(evaluator.Vector(expression, timeline));
        var series = new List<QuerySeries>(rows.Count);
        foreach (var row in rows)
        {
            if (Compact(row, times) is { } compact)
            {
                series.Add(compact);
            }
        }
        series.Sort(static (left, right) => Ordering.OfLabels(left.Labels, right.Labels));
        return new(series);
    }

    private static QuerySeries? Compact(Row row, long[] times)
    {
        var present = Absent.Present(row.Values);
        if (present == times.Length)
        {
            return new(row.Labels, times, row.Values);
        }
        var (at, own, values) = (0, new long[present], new double[present]);
        for (var step = 0; step < times.Length; step++)
        {
            if (!Absent.Is(row.Values[step]))
            {
                (own[at], values[at]) = (times[step], row.Values[step]);
                at++;
            }
        }
        return present == 0 ? null : new(row.Labels, own, values);
    }
}
