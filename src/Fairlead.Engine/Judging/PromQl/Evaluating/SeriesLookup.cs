using Fairlead.Engine.Judging.PromQl.Reading;
using Fairlead.Model.Ports;

namespace Fairlead.Engine.Judging.PromQl.Evaluating;

/// <summary>Asks the store for the series of every selector in an expression, each with just the time that it can look at.</summary>
internal sealed class SeriesLookup(IMetricStore store, QueryOptions options)
{
    private readonly Dictionary<VectorSelector, IReadOnlyList<ISeries>> found = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyDictionary<VectorSelector, IReadOnlyList<ISeries>> Found => found;

    public async Task FindAsync(Expression expression, Timeline timeline, CancellationToken stop)
    {
        if (timeline.Count == 0)
        {
            return;
        }
        switch (expression)
        {
            case VectorSelector selector:
                await FindAsync(selector, timeline, options.LookbackMilliseconds, stop);
                break;
            case RangeSelector ranges:
                await FindAsync(ranges.Vector, timeline, ranges.Range.Milliseconds, stop);
                break;
            case Subquery subquery:
                var step = subquery.Step?.Milliseconds ?? options.SubqueryStepMilliseconds;
                await FindAsync(
                    subquery.Inner,
                    timeline.Inside(subquery.Look, subquery.Range.Milliseconds, step),
                    stop
                );
                break;
            default:
                foreach (var part in Parts(expression))
                {
                    await FindAsync(part, timeline, stop);
                }
                break;
        }
    }

    private async Task FindAsync(VectorSelector selector, Timeline timeline, long range, CancellationToken stop)
    {
        var (from, to) = Selecting.Span(selector.Look, timeline, range);
        found[selector] = await store.SelectAsync(selector.Matchers, from, to, stop);
    }

    private static IEnumerable<Expression> Parts(Expression expression) =>
        expression switch
        {
            Parenthesized one => [one.Inner],
            Signed one => [one.Inner],
            Call one => one.Arguments,
            Aggregation one => one.Parameter is null ? [one.Inner] : [one.Parameter, one.Inner],
            Binary one => [one.Left, one.Right],
            _ => [],
        };
}
