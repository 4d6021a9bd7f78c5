using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Telemetry;

namespace Fairlead.Engine.Guarding.Access.Narrowed;

/// <summary>Errors of apps as a caller may see and change them.</summary>
internal sealed class NarrowErrors(IErrorStore store, Reach reach) : IErrorStore
{
    public Task AddAsync(ErrorBatch batch, CancellationToken stop) =>
        throw new InvalidOperationException("Whoever asks does not send.");

    public async Task<ErrorGroup?> FindAsync(string id, CancellationToken stop) =>
        await store.FindAsync(id, stop) is { } group && reach.Has(group.Site) ? group : null;

    public async Task<IReadOnlyList<ErrorGroup>> ListAsync(GroupFilter filter, CancellationToken stop)
    {
        List<ErrorGroup> found = [];
        foreach (var site in filter.Site is { } one ? reach.Sites.Where(own => own == one) : reach.Sites)
        {
            found.AddRange(await store.ListAsync(filter with { Site = site }, stop));
        }
        return [.. found.OrderByDescending(group => group.LastSeen).Take(filter.Max)];
    }

    public async Task<ErrorGroup?> ChangeAsync(
        string id,
        Func<ErrorGroup, ErrorGroup> change,
        CancellationToken stop
    ) => await FindAsync(id, stop) is null ? null : await store.ChangeAsync(id, change, stop);

    public async Task<IReadOnlyList<ErrorEvent>> EventsAsync(string id, int max, CancellationToken stop) =>
        await FindAsync(id, stop) is null ? [] : await store.EventsAsync(id, max, stop);

    public async Task<IReadOnlyList<HourCount>> CountsAsync(string id, DateTimeOffset since, CancellationToken stop) =>
        await FindAsync(id, stop) is null ? [] : await store.CountsAsync(id, since, stop);

    public async Task<IReadOnlyList<SessionCount>> SessionsAsync(
        Site site,
        DateTimeOffset since,
        CancellationToken stop
    ) => reach.Has(site) ? await store.SessionsAsync(site, since, stop) : [];

    public async Task<IReadOnlyList<CheckIn>> CheckInsAsync(Site site, CancellationToken stop) =>
        reach.Has(site) ? await store.CheckInsAsync(site, stop) : [];

    public Task KeepMapAsync(SourceMapFile map, CancellationToken stop) =>
        store.KeepMapAsync(reach.Has(map.Site) ? map : throw new ProblemException(AccessProblems.Foreign()), stop);

    public async Task<ReadOnlyMemory<byte>?> FindMapAsync(SourceMapQuery query, CancellationToken stop) =>
        reach.Has(query.Site) ? await store.FindMapAsync(query, stop) : null;

    public async Task<ErrorForward?> ForwardAsync(Site site, CancellationToken stop) =>
        reach.Has(site) ? await store.ForwardAsync(site, stop) : null;

    public Task SetForwardAsync(Site site, ErrorForward? to, CancellationToken stop) =>
        reach.Has(site) ? store.SetForwardAsync(site, to, stop) : throw new ProblemException(AccessProblems.Foreign());

    public Task<int> RewriteAsync(ErrorRewrite rewrite, bool isTrial, CancellationToken stop) =>
        throw new ProblemException(AccessProblems.Foreign());

    public Task SweepAsync(DateTimeOffset keepSince, long bytesMax, CancellationToken stop) =>
        throw new InvalidOperationException("Whoever asks does not sweep.");
}
