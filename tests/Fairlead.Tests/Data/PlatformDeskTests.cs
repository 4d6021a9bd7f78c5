using Fairlead.Engine.Data.Backups;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;

namespace Fairlead.Tests.Data;

/// <summary>Fairlead saves itself, reads it back, and keeps no more than it should.</summary>
public sealed class PlatformDeskTests
{
    private static readonly World World = new(TimeProvider.System, new Random(1));
    private readonly MemoryStore store = new(World);
    private readonly Ground ground;

    public PlatformDeskTests() => ground = new(store);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_one_is_read_back_and_the_newest_thirty_stay()
    {
        var desk = await DeskAsync("correct horse battery");
        for (var number = 0; number < 32; number++)
        {
            await desk.SaveAsync(Stop);
        }
        Assert.Equal(
            Enumerable.Range(2, 30).Select(static number => $"{number:D8}"),
            ground.There.Select(static one => one.Kept.Id)
        );
        Assert.Equal(32, store.Journal.Count(static one => one.Kind == "platform-saved"));
    }

    [Fact]
    public async Task Nothing_is_saved_without_a_passphrase_or_what_comes_back_is_other_bytes()
    {
        var problem = await Assert.ThrowsAsync<ProblemException>(async () =>
            await (await DeskAsync(null)).SaveAsync(Stop)
        );
        Assert.Equal("platform.passphrase", problem.Problem.Code);
        ground.Rots = true;
        problem = await Assert.ThrowsAsync<ProblemException>(async () =>
            await (await DeskAsync("correct horse battery")).SaveAsync(Stop)
        );
        Assert.Equal("backup.other-bytes", problem.Problem.Code);
        Assert.Empty(store.Journal);
    }

    private async Task<PlatformDesk> DeskAsync(string? passphrase)
    {
        var fence = await store.TakeChargeAsync("test", Stop);
        return new(
            (store, () => fence),
            new(() => new(ground, ground)),
            new(
                new Secret("/mnt/backup"),
                _ => Task.FromResult(passphrase is null ? null : new Secret(passphrase)),
                TimeSpan.FromDays(1)
            ),
            World,
            NullLogger<PlatformDesk>.Instance
        );
    }

    /// <summary>A state folder of nine bytes, and a repository in memory.</summary>
    private sealed class Ground(MemoryStore store) : IBackupRepositories, IBackupRepository, IPlatformFiles
    {
        public bool Rots { get; set; }

        public string Root => "/state";

        public List<(KeptBackup Kept, byte[] Bytes)> There { get; } = [];

        public IBackupRepository Open(Secret? settings, Secret? password) => this;

        public async Task<string> KeepAsync(
            IReadOnlyDictionary<string, string> tags,
            Func<Stream, CancellationToken, Task<IReadOnlyDictionary<string, string>>> write,
            int? kibPerSecondMax,
            CancellationToken stop
        )
        {
            var stream = new MemoryStream();
            var more = await write(stream, stop);
            var id = $"{store.Journal.Count:D8}";
            There.Add((new(id, World.Now, tags.Concat(more).ToDictionary()), stream.ToArray()));
            return id;
        }

        public Task<string> KeepWholeAsync(
            IReadOnlyDictionary<string, string> tags,
            ReadOnlyMemory<byte> bytes,
            int? kibPerSecondMax,
            CancellationToken stop
        ) => throw new NotSupportedException();

        public Task<T> ReadAsync<T>(string id, Func<Stream, CancellationToken, Task<T>> read, CancellationToken stop)
        {
            var bytes = There.Single(one => one.Kept.Id == id).Bytes.ToArray();
            bytes[0] ^= (byte)(Rots ? 1 : 0);
            return read(new MemoryStream(bytes), stop);
        }

        public Task<IReadOnlyList<KeptBackup>> ListAsync(CancellationToken stop) =>
            Task.FromResult<IReadOnlyList<KeptBackup>>([.. There.Select(static one => one.Kept)]);

        public Task RemoveAsync(IReadOnlyList<string> ids, CancellationToken stop)
        {
            There.RemoveAll(one => ids.Contains(one.Kept.Id));
            return Task.CompletedTask;
        }

        public async Task<DataFacts> SaveAsync(Stream into, CancellationToken stop)
        {
            await into.WriteAsync("all of it"u8.ToArray(), stop);
            return new(1, 9);
        }

        public async Task<DataFacts> TryAsync(Stream from, CancellationToken stop)
        {
            await from.CopyToAsync(Stream.Null, stop);
            return new(1, 9);
        }

        public Task<DataFacts> RestoreAsync(Stream from, CancellationToken stop) => throw new NotSupportedException();
    }
}
