using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Responding;

/// <summary>A store whose user is killed at one of its commits: just before it is kept, or just after.</summary>
/// <param name="cutAt">Which commit, from 1; none when it is 0.</param>
internal sealed class CutStore(IStore store, int cutAt, bool isKept) : IStore
{
    /// <summary>How many there were.</summary>
    public int Commits { get; private set; }

    public async Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop)
    {
        Commits++;
        if (Commits != cutAt)
        {
            return await store.CommitAsync(change, stop);
        }
        if (isKept)
        {
            await store.CommitAsync(change, stop);
        }
        throw new KilledException();
    }

    public Task<Fence> TakeChargeAsync(string owner, CancellationToken stop) => store.TakeChargeAsync(owner, stop);

    public Task<Document?> ReadAsync(string collection, string key, CancellationToken stop) =>
        store.ReadAsync(collection, key, stop);

    public Task<IReadOnlyList<Document>> ListAsync(string collection, string keyPrefix, CancellationToken stop) =>
        store.ListAsync(collection, keyPrefix, stop);

    public Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(
        long after,
        JournalFilter? filter,
        int max,
        CancellationToken stop
    ) => store.ReadJournalAsync(after, filter, max, stop);

    public Task<IReadOnlyList<HashedLine>> ReadLinesAsync(long after, int max, CancellationToken stop) =>
        store.ReadLinesAsync(after, max, stop);

    public Task<IReadOnlyList<Removal>> ReadRemovalsAsync(CancellationToken stop) => store.ReadRemovalsAsync(stop);

    public Task<long?> FindBreakAsync(CancellationToken stop) => store.FindBreakAsync(stop);
}

/// <summary>Nothing of whoever was killed goes on.</summary>
internal sealed class KilledException : Exception;
