using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Guarding.Access.Narrowed;

/// <summary>Logs as a caller may see them.</summary>
internal sealed class NarrowLogStore(ILogStore store, Reach reach) : ILogStore
{
    public LogHoldings Holdings => store.Holdings;

    public Task<LogsTaken> AppendAsync(LogBatch batch, CancellationToken stop) =>
        throw new InvalidOperationException("Whoever asks does not send.");

    public async Task<LogsFound> SearchAsync(LogSearch search, CancellationToken stop)
    {
        if (reach.Sites.Count == 0)
        {
            return new([], Cursor: null);
        }
        return Own(await store.SearchAsync(search with { Filter = Within(search.Filter) }, stop));
    }

    public async Task<IReadOnlyList<LogCount>> CountAsync(LogFilter filter, long step, CancellationToken stop)
    {
        List<LogCount> counts = [];
        foreach (var narrow in NarrowMetrics.Narrow(filter.Stream, reach))
        {
            counts.AddRange(await store.CountAsync(filter with { Stream = narrow }, step, stop));
        }
        return
        [
            .. counts
                .GroupBy(count => (count.At, count.Severity))
                .Select(group => new LogCount(group.Key.At, group.Key.Severity, group.Sum(count => count.Count)))
                .OrderBy(count => count.At)
                .ThenBy(count => count.Severity),
        ];
    }

    public async Task<LogsFound> TailAsync(LogFilter filter, string? cursor, int limit, CancellationToken stop) =>
        Own(await store.TailAsync(Within(filter), cursor, limit, stop));

    public Task<string?> BookmarkAsync(string name, CancellationToken stop) =>
        throw new InvalidOperationException("Whoever asks has no bookmarks.");

    // Matchers say which apps and which environments; which pairs of them they cannot say, so the rest is left out after.
    private LogFilter Within(LogFilter filter) =>
        filter with
        {
            Stream =
            [
                .. filter.Stream,
                NarrowMetrics.OneOf(Source.AppLabel, Distinct(site => site.App)),
                NarrowMetrics.OneOf(Source.EnvironmentLabel, Distinct(site => site.Environment)),
            ],
        };

    // Nobody's app is called that, so that nothing is found where there are no sites.
    private IEnumerable<string> Distinct(Func<Site, string> part) =>
        reach.Sites.Select(part).Distinct().DefaultIfEmpty("/");

    private LogsFound Own(LogsFound found) =>
        found with
        {
            Records = [.. found.Records.Where(record => IsOwn(record.Stream))],
        };

    private bool IsOwn(Labels stream) =>
        stream[Source.AppLabel] is { Length: > 0 } app
        && stream[Source.EnvironmentLabel] is { Length: > 0 } environment
        && reach.Has(new(app, environment));
}
