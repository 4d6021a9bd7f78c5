using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Access.Narrowed;

/// <summary>
/// The store as a caller may see it: documents and entries of other sites are not there, and cannot be written. A document belongs to a
/// site when its key begins with one, so a collection that is new is covered without being named here.
/// </summary>
internal sealed class NarrowStore(IStore store, Reach reach, bool seesPlatform) : IStore
{
    private const int PageMax = 10_000;

    public Task<Fence> TakeChargeAsync(string owner, CancellationToken stop) =>
        throw new InvalidOperationException("Nobody takes charge in another's name.");

    public Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop) =>
        change.Removal is null
        && change.Entries.All(entry => entry.Site == AccessBook.Platform || reach.Has(entry.Site))
        && change.Writes.All(write => IsWithin(write.Key))
            ? store.CommitAsync(change, stop)
            : throw new ProblemException(AccessProblems.Foreign());

    public async Task<Document?> ReadAsync(string collection, string key, CancellationToken stop) =>
        IsWithin(key) ? await store.ReadAsync(collection, key, stop) : null;

    public async Task<IReadOnlyList<Document>> ListAsync(string collection, string keyPrefix, CancellationToken stop) =>
        [.. (await store.ListAsync(collection, keyPrefix, stop)).Where(document => IsWithin(document.Key))];

    public async Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(
        long after,
        JournalFilter? filter,
        int max,
        CancellationToken stop
    )
    {
        List<JournalEntry> found = [];
        while (true)
        {
            var page = await store.ReadJournalAsync(after, filter, PageMax, stop);
            found.AddRange(page.Where(entry => IsShown(entry.Site)).Take(max - found.Count));
            if (found.Count >= max || page.Count < PageMax)
            {
                return found;
            }
            after = page[^1].Sequence;
        }
    }

    // They hold what everybody did; what proves the whole journal is for who may audit all of it.
    public Task<IReadOnlyList<HashedLine>> ReadLinesAsync(long after, int max, CancellationToken stop) =>
        throw new ProblemException(AccessProblems.Foreign());

    public Task<IReadOnlyList<Removal>> ReadRemovalsAsync(CancellationToken stop) => store.ReadRemovalsAsync(stop);

    public Task<long?> FindBreakAsync(CancellationToken stop) => store.FindBreakAsync(stop);

    private bool IsShown(Site site) => site == AccessBook.Platform ? seesPlatform : reach.Has(site);

    private bool IsWithin(string key) => SiteOf(key) is not { } site || reach.Has(site);

    private static Site? SiteOf(string key)
    {
        var first = key.IndexOf('/', StringComparison.Ordinal);
        if (first < 0)
        {
            return null;
        }
        var second = key.IndexOf('/', first + 1);
        return Site.TryParse(second < 0 ? key : key[..second]);
    }
}
