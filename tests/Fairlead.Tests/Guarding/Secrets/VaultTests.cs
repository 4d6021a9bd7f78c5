using System.Text.Json.Nodes;
using Fairlead.Drivers.Secrets;
using Fairlead.Drivers.State;
using Fairlead.Engine.Deploying;
using Fairlead.Engine.Guarding.Secrets;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Fairlead.Tests.Fakes;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;

namespace Fairlead.Tests.Guarding.Secrets;

public sealed class VaultTests : IDisposable
{
    private const string Canary = "k9-C4nary-value/+";
    private static readonly Site Shop = new("shop", "production");
    private static readonly (string By, string Origin) Set = ("owner", "set");

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("fairlead-vault-");
    private readonly World world = new(new FakeTimeProvider(), new Random(1));
    private readonly MemoryStore store;
    private readonly Dictionary<string, string> variables = new()
    {
        ["FAIRLEAD_PASSPHRASE"] = "a long and winding passphrase",
    };
    private readonly LiveMask mask = new();
    private readonly Shelf shelf = new();

    public VaultTests() => store = new MemoryStore(world);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public async Task Only_what_is_sealed_reaches_the_store_and_the_journal_has_names_alone()
    {
        var vault = await OpenAsync();
        await vault.AddAsync((Shop, "DB"), new Secret(Canary), Set, change: null, Stop);
        var document = await store.ReadAsync(Vault.Collection, "shop/production/DB", Stop);
        Assert.DoesNotContain(Canary[..6], document!.Body.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(
            ["fairlead/secrets: master key *** (file) was made", "shop/production: DB@1 was set by owner"],
            store.Journal.Select(entry => $"{entry.Site}: {Key().Replace(entry.Text, "master key ***")}")
        );
        Assert.Equal("say ***", mask.Masked($"say {Canary}"));
        var again = await OpenAsync();
        var record = await again.GetAsync(Shop, "DB", Stop);
        Assert.Equal(Canary, (await again.OpenAsync(record, record.Newest!, Stop)).Reveal());
    }

    [Fact]
    public async Task What_one_server_sealed_another_one_with_the_master_key_opens_also_under_the_next()
    {
        static ISeal With(Secret key) => new KeyFileSeal(Sealer.Of(key));
        var vault = await OpenAsync();
        using var first = new SharedSeal(vault, "terraform-states", Sealer.MakeKey, With);
        var seals = await Task.WhenAll(first.OpenAsync(Stop), first.OpenAsync(Stop));
        var box = seals[1].Seal(Canary, "a");

        vault = await OpenAsync();
        using var second = new SharedSeal(vault, "terraform-states", Sealer.MakeKey, With);
        Assert.Equal(Canary, (await second.OpenAsync(Stop)).Open(box, "a"));
        await vault.RekeyAsync("passphrase", new Dictionary<string, string>(), Stop);
        Assert.Equal(1, await vault.RewrapAsync(Stop));
        using var third = new SharedSeal(await OpenAsync(), "terraform-states", Sealer.MakeKey, With);
        Assert.Equal(Canary, (await third.OpenAsync(Stop)).Open(box, "a"));
        Assert.False(SecretVersion.IsName("terraform-states"));
    }

    [Fact]
    public async Task A_sealed_value_opens_under_no_other_name_version_or_change()
    {
        var vault = await OpenAsync();
        var record = await vault.AddAsync((Shop, "DB"), new Secret(Canary), Set, change: null, Stop);
        var (seals, key, box) = (vault.Ports.Seals, await vault.CurrentKeyAsync(Stop), record.Newest!.Sealed!);
        var bytes = Convert.FromBase64String(box.Text);
        foreach (
            var other in new SecretVersion[]
            {
                new(Shop, "DB", 2),
                new(Shop, "DC", 1),
                new(new("shop", "staging"), "DB", 1),
            }
        )
        {
            await DamagedAsync(() => seals.OpenAsync(box, other, key, Stop));
        }
        for (var at = 0; at < bytes.Length; at++)
        {
            byte[] altered = [.. bytes];
            altered[at] ^= 1;
            await DamagedAsync(() =>
                seals.OpenAsync(box with { Text = Convert.ToBase64String(altered) }, record.Named(1), key, Stop)
            );
        }
        await DamagedAsync(() => seals.OpenAsync(box with { DataKey = "AAAA" }, record.Named(1), key, Stop));
    }

    [Fact]
    public async Task Two_versions_live_while_a_release_has_the_older_and_it_is_gone_for_good_afterwards()
    {
        var vault = await OpenAsync();
        foreach (var value in new[] { "first-value", "second-value", "third-value" })
        {
            await vault.AddAsync((Shop, "DB"), new Secret(value), Set, change: null, Stop);
        }
        var record = await vault.GetAsync(Shop, "DB", Stop);
        Assert.Equal([2], SecretLife.Spent(record, new HashSet<int> { 1 }).Select(one => one.Number));
        Assert.Equal([1, 2], SecretLife.Spent(record, new HashSet<int>()).Select(one => one.Number));
        await new VaultKeeper(vault, [shelf], NullLogger.Instance).SettleAsync(Stop);
        record = await vault.GetAsync(Shop, "DB", Stop);
        Assert.Equal(
            ["1 gone", "2 gone", "3 live"],
            record.Versions.Select(one => $"{one.Number} {(one.IsLive ? "live" : "gone")}")
        );
        // A rollback to a release that was made with it is started with what is good now.
        Assert.Equal(3, SecretLife.For(record, planned: 1)!.Number);
    }

    [Fact]
    public async Task A_start_is_given_what_was_planned_and_a_missing_secret_stops_it_before_anything()
    {
        var vault = await OpenAsync();
        await vault.AddAsync((Shop, "DB"), new Secret("first-value"), Set, change: null, Stop);
        await vault.AddAsync((Shop, "DB"), new Secret("second-value"), Set, change: null, Stop);
        var given = await vault.ForStartAsync(
            Shop,
            [new("URL", "DB") { Version = 1 }, new("NEW", "DB") { Version = 2 }],
            Stop
        );
        Assert.Equal(
            ["URL first-value", "NEW second-value"],
            given.Select(one => $"{one.Use.Variable} {one.Value.Value.Reveal()}")
        );
        var missing = await Assert.ThrowsAsync<ProblemException>(() =>
            vault.ForStartAsync(Shop, [new("A", "NONE")], Stop)
        );
        Assert.Equal("secret.missing", missing.Problem.Code);
    }

    [Fact]
    public async Task A_node_that_lost_its_values_gets_what_it_misses_and_that_is_remembered()
    {
        var vault = await OpenAsync();
        await vault.AddAsync((Shop, "DB"), new Secret(Canary), Set, change: null, Stop);
        shelf.Missing.Add(new(Shop, "DB", 1));
        shelf.Missing.Add(new(Shop, "UNKNOWN", 1));
        await new VaultKeeper(vault, [shelf], NullLogger.Instance).FeedAsync(shelf, Stop);
        Assert.Equal(
            [$"shop/production/DB@1 {Canary}"],
            shelf.Given.Select(one => $"{one.Version} {one.Value.Reveal()}")
        );
        Assert.Equal("DB@1 was given again to where it runs, which had lost it", store.Journal[^1].Text);
    }

    [Theory]
    [InlineData("file")]
    [InlineData("environment")]
    [InlineData("passphrase")]
    public async Task All_secrets_come_under_a_new_master_key_and_none_is_sealed_anew(string kind)
    {
        variables["FAIRLEAD_MASTER_KEY"] = Convert.ToBase64String(
            Enumerable.Range(7, 32).Select(one => (byte)one).ToArray()
        );
        var vault = await OpenAsync();
        await vault.AddAsync((Shop, "DB"), new Secret(Canary), Set, change: null, Stop);
        var before = (await vault.GetAsync(Shop, "DB", Stop)).Newest!.Sealed!;
        var old = await vault.CurrentKeyAsync(Stop);
        var key = await vault.RekeyAsync(kind, new Dictionary<string, string>(), Stop);
        Assert.Equal(1, await vault.RewrapAsync(Stop));
        Assert.Equal(0, await vault.RewrapAsync(Stop));
        var after = (await vault.GetAsync(Shop, "DB", Stop)).Newest!.Sealed!;
        Assert.Equal((key.Id, before.Text), (after.KeyId, after.Text));
        Assert.Equal([key.Id], (await vault.KeysAsync(Stop)).Select(one => one.Key.Id));
        Assert.False(File.Exists(Path.Combine(folder.FullName, $"{old.Id}.key")));
        var again = await OpenAsync();
        Assert.Equal(
            Canary,
            (
                await again.OpenAsync(
                    await again.GetAsync(Shop, "DB", Stop),
                    new(1, default, "", "") { Sealed = after },
                    Stop
                )
            ).Reveal()
        );
    }

    [Fact]
    public async Task A_rekeying_that_is_killed_at_any_write_loses_nothing_and_goes_on()
    {
        for (var writes = 0; ; writes++)
        {
            var vault = await OpenAsync(writes);
            var isKilled = false;
            try
            {
                foreach (var name in new[] { "A", "B", "C" })
                {
                    await vault.AddAsync((Shop, name), new Secret($"{Canary}{name}"), Set, change: null, Stop);
                }
                await vault.RekeyAsync("file", new Dictionary<string, string>(), Stop);
                await vault.RewrapAsync(Stop);
            }
            catch (KilledException)
            {
                isKilled = true;
            }
            var next = await OpenAsync();
            await new VaultKeeper(next, [shelf], NullLogger.Instance).SettleAsync(Stop);
            var current = (await next.KeysAsync(Stop)).SingleOrDefault();
            foreach (var record in await next.ListAsync(Shop, Stop))
            {
                Assert.Equal(current!.Key.Id, record.Newest!.Sealed!.KeyId);
                Assert.Equal($"{Canary}{record.Name}", (await next.OpenAsync(record, record.Newest, Stop)).Reveal());
            }
            if (!isKilled)
            {
                Assert.True(writes > 6);
                return;
            }
        }
    }

    [Fact]
    public async Task A_wrong_passphrase_and_an_open_key_file_are_told_and_open_nothing()
    {
        var vault = await OpenAsync();
        await vault.AddAsync((Shop, "DB"), new Secret(Canary), Set, change: null, Stop);
        var file = Directory.GetFiles(folder.FullName, "*.key").Single();
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        File.SetUnixFileMode(file, File.GetUnixFileMode(file) | UnixFileMode.GroupRead);
        Assert.Equal("secret.key-open", (await FailedAsync()).Code);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        vault = await OpenAsync();
        await vault.RekeyAsync("passphrase", new Dictionary<string, string>(), Stop);
        await vault.RewrapAsync(Stop);
        variables["FAIRLEAD_PASSPHRASE"] = "another passphrase than before";
        Assert.Equal("secret.key-other", (await FailedAsync()).Code);
    }

    [Fact]
    public async Task A_random_rotation_makes_the_next_value_and_keeps_how()
    {
        var vault = await OpenAsync();
        var record = await vault.AddAsync((Shop, "SIGNING"), new Secret(Canary), Set, change: null, Stop);
        var next = await vault.RotateAsync(
            record,
            new("random", new Dictionary<string, string> { ["length"] = "24" }),
            "owner",
            Stop
        );
        Assert.Equal(24, (await vault.OpenAsync(next, next.Newest!, Stop)).Reveal().Length);
        Assert.Equal(["set", "rotated"], next.Versions.Select(one => one.Origin));
        Assert.Equal("random", next.Rotation!.With);
    }

    [Fact]
    public async Task The_journal_and_deployments_hold_no_secret_whatever_is_put_into_them()
    {
        mask.Now = SecretMask.Of([new Secret(Canary)]);
        var masked = new MaskedStore(store, mask);
        var fence = await masked.TakeChargeAsync("test", Stop);
        await masked.CommitAsync(
            new Change(fence)
            {
                Entries =
                [
                    new NewEntry(
                        Shop,
                        "d1",
                        "ended",
                        $"it said {Canary}",
                        new JsonObject { ["why"] = $"a\n{Canary}\"" }
                    ),
                ],
                Writes =
                [
                    new Write(
                        Records.Deployments,
                        "shop/production/d1",
                        new JsonObject
                        {
                            ["reason"] = Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(Canary)),
                        }
                    ),
                ],
            },
            Stop
        );
        Assert.Equal(
            ("it said ***", "{\"why\":\"a\\n***\\u0022\"}"),
            (store.Journal[0].Text, store.Journal[0].Body!.ToJsonString())
        );
        Assert.StartsWith(
            "{\"reason\":\"***",
            (await store.ReadAsync(Records.Deployments, "shop/production/d1", Stop))!.Body.ToJsonString(),
            StringComparison.Ordinal
        );
    }

    private async Task<Vault> OpenAsync(int writesMax = int.MaxValue)
    {
        var fence = await store.TakeChargeAsync("test", Stop);
        var seals = new Envelope([
            new EnvironmentKeys(variables.GetValueOrDefault, world),
            new FileKeys(folder.FullName, world),
            new PassphraseKeys(variables.GetValueOrDefault, world),
        ]);
        return new(
            new VaultPorts(new Mortal(store, writesMax), seals, () => fence, world, mask)
            {
                Rotators = [new RandomRotator()],
            }
        );
    }

    private async Task<Problem> FailedAsync()
    {
        var vault = await OpenAsync();
        var record = await vault.GetAsync(Shop, "DB", Stop);
        return (
            await Assert.ThrowsAsync<ProblemException>(() => vault.OpenAsync(record, record.Newest!, Stop))
        ).Problem;
    }

    private static async Task DamagedAsync(Func<Task> open) =>
        Assert.Equal("secret.damaged", (await Assert.ThrowsAsync<ProblemException>(open)).Problem.Code);

    private static System.Text.RegularExpressions.Regex Key() =>
        new("master key [0-9a-f]+", System.Text.RegularExpressions.RegexOptions.NonBacktracking);

    private sealed class Shelf : ISecretShelf
    {
        public List<SecretVersion> Missing { get; } = [];

        public List<SecretValue> Given { get; } = [];

        public Task<IReadOnlyList<SecretVersion>> MissingAsync(CancellationToken stop) =>
            Task.FromResult<IReadOnlyList<SecretVersion>>(Missing);

        public Task GiveAsync(IReadOnlyList<SecretValue> values, Fence fence, CancellationToken stop)
        {
            Given.AddRange(values);
            return Task.CompletedTask;
        }
    }

    private sealed class KilledException : Exception;

    /// <summary>A store whose server is killed after so many writes: the write is done, and nobody hears of it.</summary>
    private sealed class Mortal(IStore store, int writesMax) : IStore
    {
        private int writes;

        public Task<Fence> TakeChargeAsync(string owner, CancellationToken stop) => store.TakeChargeAsync(owner, stop);

        public async Task<IReadOnlyList<JournalEntry>> CommitAsync(Change change, CancellationToken stop)
        {
            var written = await store.CommitAsync(change, stop);
            return writes++ < writesMax ? written : throw new KilledException();
        }

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
}
