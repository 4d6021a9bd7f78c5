using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;

namespace Fairlead.Tests.Responding;

/// <summary>A store in memory that keeps documents as text, as a disk does: what cannot be written or read again is found.</summary>
internal sealed class WritingStore(World world) : IStore
{
    private readonly MemoryStore store = new(world);

    public IReadOnlyList<string> JournalTexts => [.. store.Journal.Select(static one => one.Text)];

    public IEnumerable<Document> All(string collection) => store.All(collection);

    public Task<Fence> TakeChargeAsync(string owner, CancellationToken stop) => store.TakeChargeAsync(owner, stop);

    public Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop) =>
        store.CommitAsync(
            change with
            {
                Writes =
                [
                    .. change.Writes.Select(static one =>
                        one with
                        {
                            Body = one.Body is null ? null : JsonNode.Parse(one.Body.ToJsonString(Records.Json)),
                        }
                    ),
                ],
            },
            stop
        );

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
