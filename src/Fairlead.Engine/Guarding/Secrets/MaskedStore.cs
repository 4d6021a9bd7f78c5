using System.Text.Json.Nodes;
using Fairlead.Engine.Deploying;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Engine.Guarding.Secrets;

/// <summary>
/// A store in whose journal and deployments no secret can come, whatever a program or a failing part put into a message: the last
/// of several nets, and the only one that all messages pass.
/// </summary>
public sealed class MaskedStore(IStore store, LiveMask mask) : IStore
{
    public Task<Fence> TakeChargeAsync(string owner, CancellationToken stop) => store.TakeChargeAsync(owner, stop);

    public Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop) =>
        store.CommitAsync(
            mask.Now.IsEmpty
                ? change
                : change with
                {
                    Entries = [.. change.Entries.Select(Masked)],
                    Writes = [.. change.Writes.Select(Masked)],
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

    private NewEntry Masked(NewEntry entry) => entry with { Text = mask.Masked(entry.Text), Body = Masked(entry.Body) };

    // Problems with the last lines of a program's output are in deployments, and nowhere else.
    private Write Masked(Write write) =>
        write.Collection == Records.Deployments ? write with { Body = Masked(write.Body) } : write;

    private JsonNode? Masked(JsonNode? body)
    {
        if (body is null)
        {
            return null;
        }
        var text = body.ToJsonString();
        var masked = mask.Masked(text);
        return ReferenceEquals(text, masked) ? body : JsonNode.Parse(masked);
    }
}
