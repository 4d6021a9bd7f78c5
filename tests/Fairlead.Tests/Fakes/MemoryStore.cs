using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Tests.Fakes;

/// <summary>An <see cref="IStore"/> that outlives the engine it serves, as a disk does.</summary>
public sealed class MemoryStore(World world) : IStore
{
    private readonly Dictionary<string, SortedDictionary<string, Document>> collections = [];
    private readonly List<JournalEntry> journal = [];
    private readonly List<Removal> removals = [];
    private long last;
    private long fence;

    public IReadOnlyList<JournalEntry> Journal => journal;

    public Fence Highest => new(fence);

    public Task<Fence> TakeChargeAsync(string owner, CancellationToken stop) => Task.FromResult(new Fence(++fence));

    public Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop)
    {
        if (change.Fence.Number < fence)
        {
            throw new FencedException(change.Fence, new Fence(fence));
        }
        foreach (var write in change.Writes)
        {
            if (write.Expected is { } expected && (Find(write.Collection, write.Key)?.Version ?? 0) != expected)
            {
                throw new ConflictException(write.Collection, write.Key);
            }
        }
        foreach (var write in change.Writes)
        {
            var collection = Collection(write.Collection);
            if (write.Body is null)
            {
                collection.Remove(write.Key);
            }
            else
            {
                var version = (Find(write.Collection, write.Key)?.Version ?? 0) + 1;
                collection[write.Key] = new Document(write.Key, version, write.Body);
            }
        }
        if (change.Removal is { } removal)
        {
            removals.Add(removal);
            journal.RemoveAll(entry => entry.Sequence <= removal.Last());
        }
        var written = new List<JournalEntry>();
        foreach (var entry in change.Entries)
        {
            written.Add(
                new(++last, world.Now, entry.Site, entry.Deployment, entry.Kind, entry.Text, entry.Body, "memory")
            );
            journal.Add(written[^1]);
        }
        return Task.FromResult<IReadOnlyList<JournalEntry>>(written);
    }

    public Task<Document?> ReadAsync(string collection, string key, CancellationToken stop) =>
        Task.FromResult(Find(collection, key));

    public Task<IReadOnlyList<Document>> ListAsync(string collection, string keyPrefix, CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<Document>>(
            collections.TryGetValue(collection, out var known)
                ? [.. known.Values.Where(one => one.Key.StartsWith(keyPrefix, StringComparison.Ordinal))]
                : []
        );

    public Task<IReadOnlyList<JournalEntry>> ReadJournalAsync(
        long after,
        JournalFilter? filter,
        int max,
        CancellationToken stop
    ) =>
        Task.FromResult<IReadOnlyList<JournalEntry>>([
            .. journal
                .Skip((int)Math.Max(0, after - (last - journal.Count)))
                .Where(entry =>
                    (filter?.Site ?? entry.Site) == entry.Site
                    && (filter?.Deployment ?? entry.Deployment) == entry.Deployment
                )
                .Take(max),
        ]);

    public Task<IReadOnlyList<HashedLine>> ReadLinesAsync(long after, int max, CancellationToken stop)
    {
        var (before, lines) = (removals.LastOrDefault()?.Head.Chain ?? JournalChain.Root, new List<HashedLine>());
        foreach (var entry in journal)
        {
            var row = new JournalRow(
                entry.Sequence,
                JournalChain.TimeText(entry.At),
                entry.Site.App,
                entry.Site.Environment,
                entry.Deployment,
                Fence: 1,
                entry.Kind,
                entry.Text,
                entry.Body?.ToJsonString()
            );
            before = JournalChain.Hash(before, row);
            lines.Add(new(row, before));
        }
        return Task.FromResult<IReadOnlyList<HashedLine>>([
            .. lines.Where(line => line.Row.Sequence > after).Take(max),
        ]);
    }

    public Task<IReadOnlyList<Removal>> ReadRemovalsAsync(CancellationToken stop) =>
        Task.FromResult<IReadOnlyList<Removal>>([.. removals]);

    public Task<long?> FindBreakAsync(CancellationToken stop) => Task.FromResult<long?>(null);

    public Document? Find(string collection, string key) => Collection(collection).GetValueOrDefault(key);

    public IEnumerable<Document> All(string collection) => Collection(collection).Values;

    private SortedDictionary<string, Document> Collection(string name) =>
        collections.TryGetValue(name, out var known)
            ? known
            : collections[name] = new SortedDictionary<string, Document>(StringComparer.Ordinal);
}
