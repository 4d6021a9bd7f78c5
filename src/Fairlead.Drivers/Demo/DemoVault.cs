using System.Text;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;

namespace Fairlead.Drivers.Demo;

/// <summary>A repository in memory for data that is not there: what is saved is a line that says so. Nothing of it outlives the server.</summary>
public sealed class DemoVault(World world) : IBackupRepositories, IBackupRepository
{
    private const int BackupsMax = 1_000;

    private readonly Lock gate = new();
    private readonly Dictionary<string, (KeptBackup Kept, byte[] Bytes)> all = new(StringComparer.Ordinal);

    /// <summary>One for each kind of data.</summary>
    public IReadOnlyList<IBackupDriver> Drivers { get; } =
    [.. Enum.GetValues<DatabaseKind>().Select(kind => new DemoDriver(kind, world))];

    public IBackupRepository Open(Secret? settings, Secret? password) => this;

    public async Task<string> KeepAsync(
        IReadOnlyDictionary<string, string> tags,
        Func<Stream, CancellationToken, Task<IReadOnlyDictionary<string, string>>> write,
        int? kibPerSecondMax,
        CancellationToken stop
    )
    {
        using var into = new MemoryStream();
        var more = await write(into, stop);
        var id = world.NewId()[..8];
        lock (gate)
        {
            if (all.Count >= BackupsMax)
            {
                all.Remove(all.MinBy(static one => one.Value.Kept.At).Key);
            }
            all[id] = (new(id, world.Now, tags.Concat(more).ToDictionary(StringComparer.Ordinal)), into.ToArray());
        }
        return id;
    }

    public Task<string> KeepWholeAsync(
        IReadOnlyDictionary<string, string> tags,
        ReadOnlyMemory<byte> bytes,
        int? kibPerSecondMax,
        CancellationToken stop
    ) =>
        KeepAsync(
            tags,
            async (into, ended) =>
            {
                await into.WriteAsync(bytes, ended);
                return new Dictionary<string, string>(StringComparer.Ordinal);
            },
            kibPerSecondMax,
            stop
        );

    public Task<T> ReadAsync<T>(string id, Func<Stream, CancellationToken, Task<T>> read, CancellationToken stop)
    {
        lock (gate)
        {
            // Those of a demo's past were never written.
            return read(new MemoryStream(all.TryGetValue(id, out var found) ? found.Bytes : []), stop);
        }
    }

    public Task<IReadOnlyList<KeptBackup>> ListAsync(CancellationToken stop)
    {
        lock (gate)
        {
            return Task.FromResult<IReadOnlyList<KeptBackup>>([
                .. all.Values.Select(static one => one.Kept).OrderBy(static one => one.At),
            ]);
        }
    }

    public Task RemoveAsync(IReadOnlyList<string> ids, CancellationToken stop)
    {
        lock (gate)
        {
            foreach (var id in ids)
            {
                all.Remove(id);
            }
        }
        return Task.CompletedTask;
    }

    private sealed class DemoDriver(DatabaseKind kind, World world) : IBackupDriver
    {
        private static readonly TimeSpan Takes = TimeSpan.FromSeconds(3);
        private static readonly DataFacts Facts = new(24, 197_400);

        public DatabaseKind Kind => kind;

        public async Task<DataFacts> SaveAsync(DataPlace place, Stream into, CancellationToken stop)
        {
            await Task.Delay(Takes, world.Clock, stop);
            await into.WriteAsync(Encoding.UTF8.GetBytes($"demo: nothing of {place.Name} is saved\n"), stop);
            return Facts;
        }

        public async Task<Restored> TryAsync(
            string folder,
            Stream from,
            IReadOnlyList<RestoreCheck> checks,
            DateTimeOffset at,
            CancellationToken stop
        )
        {
            await Task.Delay(Takes * 2, world.Clock, stop);
            await from.CopyToAsync(Stream.Null, stop);
            return new(Facts, ["197,400 rows in 24 tables", "the newest row is younger than an hour"]);
        }

        public Task<string> RestoreAsync(DataPlace place, string name, Stream from, CancellationToken stop) =>
            Task.FromResult($"demo:{name}");
    }
}
