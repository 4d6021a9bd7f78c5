using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Deploying.Simulation;

/// <summary>The store as one engine sees it: it can be killed before and after each commit, and checks that only one operation is ever active.</summary>
public sealed class FaultyStore(MemoryStore store, Faults faults) : IStore
{
    public Task<Fence> TakeChargeAsync(string owner, CancellationToken stop) => store.TakeChargeAsync(owner, stop);

    public async Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop) =>
        await await faults.CallAsync(() => store.CommitAsync(change, stop), stop);

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
