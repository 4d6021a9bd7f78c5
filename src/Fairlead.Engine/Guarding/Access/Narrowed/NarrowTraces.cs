using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Guarding.Access.Narrowed;

/// <summary>Traces as a caller may see them: those that its apps began, and of them only its apps' spans.</summary>
internal sealed class NarrowTraces(ITraceStore store, Reach reach) : ITraceStore
{
    public Task KeepAsync(IReadOnlyList<KeptSpans> batch, CancellationToken stop) =>
        throw new InvalidOperationException("Whoever asks does not send.");

    public async Task<IReadOnlyList<Span>> FindAsync(TraceId id, CancellationToken stop) =>
        [.. (await store.FindAsync(id, stop)).Where(span => IsOwn(span.Sender))];

    public async Task<FoundTraces> SearchAsync(TraceQuery query, CancellationToken stop)
    {
        Dictionary<TraceId, TraceSummary> found = [];
        var isCut = false;
        foreach (var site in reach.Sites.Where(site => Fits(query, site)))
        {
            var some = await store.SearchAsync(query with { App = site.App, Environment = site.Environment }, stop);
            isCut |= some.IsCut;
            foreach (var trace in some.Traces.Where(trace => IsOwn(trace.Sender)))
            {
                found[trace.Trace] = trace;
            }
        }
        return new([.. found.Values.OrderByDescending(trace => trace.At).Take(query.Max)], isCut);
    }

    public Task<TraceRoom> RoomAsync(CancellationToken stop) => store.RoomAsync(stop);

    private static bool Fits(TraceQuery query, Site site) =>
        (query.App is null || query.App == site.App)
        && (query.Environment is null || query.Environment == site.Environment);

    private bool IsOwn(SpanSender sender) =>
        sender is { App: { } app, Environment: { } environment } && reach.Has(new(app, environment));
}
