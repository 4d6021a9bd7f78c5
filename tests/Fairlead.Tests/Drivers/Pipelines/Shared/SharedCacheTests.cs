using System.Net;
using System.Security.Cryptography;
using System.Text;
using Fairlead.Drivers.Pipelines.Shared;
using Fairlead.Model.Pipelines;
using Fairlead.Model.Ports;

namespace Fairlead.Tests.Drivers.Pipelines.Shared;

public sealed class SharedCacheTests : IDisposable
{
    private static readonly TaskKey Key = new([new("command", "make")]);
    private static readonly TaskKey Other = new([new("command", "make other")]);
    private static readonly (string Private, string Public) Team = Machine.NewKey();
    private static readonly (string Private, string Public) Fork = Machine.NewKey();

    private readonly DirectoryInfo root = Directory.CreateTempSubdirectory("fl-shared-");
    private readonly MemoryServer server = new();
    private readonly List<Machine> machines = [];

    public void Dispose()
    {
        machines.ForEach(static one => one.Dispose());
        root.Delete(recursive: true);
        server.Dispose();
    }

    [Fact]
    public async Task What_one_machine_made_another_brings_with_its_modes_and_links()
    {
        var one = MachineOf("one");
        one.Write("out/deep/a.txt", "a");
        one.Write("out/same", "a");
        one.Write("out/empty", "");
        one.Write("out/run.sh", "#!/bin/sh");
        File.SetUnixFileMode(one.PathOf("out/run.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);
        File.CreateSymbolicLink(one.PathOf("out/link"), "deep/a.txt");
        Assert.Equal(["shared cache: 0 brought (0.0 MB), 1 sent (0.0 MB)"], await one.SendAsync(Key));

        var two = MachineOf("two");
        two.Write("out/stale", "old");
        Assert.True(await two.BringAsync(Key));
        Assert.Equal(one.Work.Find(["**"]), two.Work.Find(["**"]));
        Assert.False(await two.BringAsync(Other));
        Assert.Equal(["ac", "cas"], server.Kept.Keys.Select(static path => path.Split('/')[1]).Order());
        Assert.Empty(Directory.EnumerateFiles(Path.Combine(root.FullName, "two", "cache", "incoming")));
    }

    [Fact]
    public async Task What_is_there_already_is_neither_sent_nor_brought_again()
    {
        var one = MachineOf("one");
        one.Write("out/a", "a");
        await one.SendAsync(Key);
        server.Asked.Clear();
        var two = MachineOf("two");
        two.Write("out/a", "a");
        await two.SendAsync(Other);
        Assert.Equal(["HEAD cas", "PUT ac"], server.Asked);

        server.Asked.Clear();
        var again = MachineOf("two");
        Assert.True(await again.BringAsync(Key));
        Assert.Single(server.Asked);
    }

    public enum Attack
    {
        ByteOfThePack,
        ShorterPack,
        LongerPack,
        PackOfAnother,
        ByteOfTheEntry,
        NoSignature,
        SignedByAStranger,
        EntryOfAnotherKey,
        EntryOfAnotherScope,
        Emptied,
        Nonsense,
    }

    public static TheoryData<Attack> Attacks => [.. Enum.GetValues<Attack>()];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task Nothing_that_was_touched_is_ever_put_into_place(Attack attack)
    {
        var one = MachineOf("one");
        one.Write("out/a", "good");
        await one.SendAsync(Key);
        one = MachineOf("other");
        one.Write("out/a", "other bytes");
        await one.SendAsync(Other);
        one = MachineOf("feature");
        one.Write("out/a", "of a branch");
        await one.SendAsync(Key, "feature");

        Do(attack);
        var two = MachineOf("two");
        Assert.False(await two.BringAsync(Key));
        Assert.Empty(two.Work.Find(["**"]));
        Assert.Equal(
            [
                "shared cache: 1 entries were not used: what the server gave is not what was signed by one who may sign there",
            ],
            await two.Shared.SettleAsync(Stop)
        );
        var incoming = Path.Combine(root.FullName, "two", "cache", "incoming");
        Assert.False(Directory.Exists(incoming) && Directory.EnumerateFiles(incoming).Any());
    }

    [Fact]
    public async Task A_branch_takes_from_the_main_one_and_the_main_one_from_none()
    {
        var feature = MachineOf("feature");
        feature.Write("out/a", "feature");
        await feature.SendAsync(Key, "feature");
        Assert.False(await MachineOf("two").BringAsync(Key));
        Assert.False(await MachineOf("two").BringAsync(Key, "another"));
        Assert.True(await MachineOf("two").BringAsync(Key, "feature"));

        var main = MachineOf("main");
        main.Write("out/a", "main");
        await main.SendAsync(Other);
        Assert.True(await MachineOf("three").BringAsync(Other, "another"));
    }

    [Fact]
    public async Task Where_a_scope_has_its_own_key_no_other_key_signs_for_it()
    {
        // A fork's run claims to be the main branch, with the key that forks have.
        var fork = MachineOf("fork", CacheTrust.Of(Fork.Private, null));
        fork.Write("out/a", "evil");
        await fork.SendAsync(Key, "main");
        await fork.Shared.SettleAsync(Stop);
        var trust = CacheTrust.Of(null, $"main:{Team.Public}, {Fork.Public}");

        Assert.False(await MachineOf("two", trust).BringAsync(Key));
        Assert.False(await MachineOf("two", trust).BringAsync(Key, "change/7"));
        fork = MachineOf("fork", CacheTrust.Of(Fork.Private, null));
        await fork.SendAsync(Key, "change/7");
        Assert.True(await MachineOf("two", trust).BringAsync(Key, "change/7"));
        Assert.False(await MachineOf("two", trust).BringAsync(Key));
    }

    [Fact]
    public async Task Who_signs_takes_back_what_they_sent_and_still_none_for_a_branch_that_is_named_for_others()
    {
        var change = MachineOf("change", CacheTrust.Of(Fork.Private, $"main:{Team.Public}"));
        change.Write("out/a", "of a change");
        await change.SendAsync(Key, "change/7");
        await MachineOf("change", CacheTrust.Of(Fork.Private, null)).SendAsync(Other, "main");

        var again = CacheTrust.Of(Fork.Private, $"main:{Team.Public}");
        Assert.True(await MachineOf("two", again).BringAsync(Key, "change/7"));
        Assert.False(await MachineOf("two", again).BringAsync(Other, "change/7"));
    }

    [Theory]
    [InlineData("../out", 1)]
    [InlineData("/etc/passwd", 1)]
    [InlineData("out/../../x", 1)]
    [InlineData("out/./x", 1)]
    [InlineData("out//x", 1)]
    [InlineData("out/.git/hooks/pre-commit", 1)]
    [InlineData("src/app.ts", 1)]
    [InlineData("out/a\0b", 1)]
    [InlineData("out/huge", 3L << 30)]
    [InlineData("out/negative", -1)]
    public void A_signed_entry_puts_files_nowhere_but_among_the_outputs_of_its_task(string path, long size) =>
        Assert.False(SharedEntryChecks.IsSound(Entry(FileOf(path, size)), ["out/**"]));

    [Theory]
    [InlineData("out/x", "/etc/passwd")]
    [InlineData("out/x", "../../etc")]
    [InlineData("out/x", "a/../../../etc")]
    [InlineData("out/x", "a/..")]
    [InlineData("out/x", "")]
    public void A_signed_entry_has_no_link_that_leads_out(string path, string target) =>
        Assert.False(SharedEntryChecks.IsSound(Entry(LinkOf(path, target)), ["out/**"]));

    [Fact]
    public void A_signed_entry_puts_nothing_below_a_link_and_nothing_twice()
    {
        Assert.True(SharedEntryChecks.IsSound(Entry(LinkOf("out/a", "../b"), FileOf("out/c", 1)), ["out/**"]));
        Assert.False(SharedEntryChecks.IsSound(Entry(LinkOf("out/a", "b"), FileOf("out/a/c", 1)), ["out/**"]));
        Assert.False(SharedEntryChecks.IsSound(Entry(FileOf("out/a", 1), FileOf("out/a", 1)), ["out/**"]));
        Assert.False(SharedEntryChecks.IsSound(Entry(FileOf("out/a", 1) with { Digest = "../../key" }), ["out/**"]));
    }

    [Fact]
    public void A_pack_that_becomes_larger_than_its_entry_says_is_left_after_what_it_says()
    {
        var bomb = new MemoryStream();
        using (var packed = new ZstdSharp.CompressionStream(bomb, 19, leaveOpen: true))
        {
            packed.Write(new byte[64 << 20]);
        }
        Assert.True(bomb.Length < 100_000);
        bomb.Position = 0;
        var file = new WorkFile("out/a", Digest(new byte[10]), 10, false, false);
        using var into = new MemoryStream();
        Assert.False(SharedPack.Read([file], bomb, _ => into, Stop));
        Assert.Equal(10, into.ToArray().Length);
    }

    [Fact]
    public async Task A_server_that_is_gone_is_asked_three_times_and_said_once()
    {
        server.Instead = (_, _) => throw new HttpRequestException("Connection refused");
        var one = MachineOf("one");
        one.Write("out/a", "a");
        for (var round = 0; round < 5; round++)
        {
            Assert.False(await one.BringAsync(Key));
        }
        Assert.Equal(3, server.Asked.Count);
        Assert.Equal(
            [
                "Reading from the shared cache http://cache.test/ was given up for this run: Connection refused (3 times in a row)",
            ],
            await one.Shared.SettleAsync(Stop)
        );
    }

    [Fact]
    public async Task A_server_that_is_slow_holds_nothing_up_beyond_its_limit()
    {
        server.Instead = static async (_, stop) =>
        {
            await Task.Delay(Timeout.Infinite, stop);
            return new();
        };
        var hasty = MachineOf(
            "one",
            change: static one =>
                one with
                {
                    LookMax = TimeSpan.FromMilliseconds(30),
                    SettleMax = TimeSpan.FromMilliseconds(30),
                }
        );
        hasty.Write("out/a", "a");
        Assert.False(await hasty.BringAsync(Key));
        Assert.Equal(["shared cache: 1 were not sent, as that would have taken too long"], await hasty.SendAsync(Key));
    }

    [Fact]
    public async Task Bytes_that_the_server_has_let_go_are_missed_without_harm()
    {
        var one = MachineOf("one");
        one.Write("out/a", "a");
        await one.SendAsync(Key);
        server.Kept.TryRemove(PackOf(Key), out _);

        var two = MachineOf("two");
        Assert.False(await two.BringAsync(Key));
        Assert.Empty(await two.Shared.SettleAsync(Stop));
        await MachineOf("one").SendAsync(Key);
        Assert.True(await MachineOf("three").BringAsync(Key));
    }

    [Fact]
    public async Task A_server_that_is_full_is_still_read()
    {
        var one = MachineOf("one");
        one.Write("out/a", "a");
        await one.SendAsync(Key);
        server.Instead = (request, _) =>
            Task.FromResult<HttpResponseMessage>(
                request.Method == HttpMethod.Put ? new(HttpStatusCode.InsufficientStorage)
                : server.Kept.TryGetValue(request.RequestUri!.AbsolutePath, out var bytes)
                    ? new(HttpStatusCode.OK) { Content = new ByteArrayContent(bytes) }
                : new(HttpStatusCode.NotFound)
            );
        var two = MachineOf("two");
        two.Write("out/a", "b");
        var kept = server.Kept.Count;
        var said = await two.SendAsync(Other);
        Assert.Equal((kept, true), (server.Kept.Count, await MachineOf("three").BringAsync(Key)));
        Assert.Contains("1 were not sent", said.Single(), StringComparison.Ordinal);
    }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private Machine MachineOf(
        string name,
        CacheTrust? trust = null,
        Func<SharedSettings, SharedSettings>? change = null
    )
    {
        var place = Path.Combine(root.FullName, name);
        var machine = new Machine(place, server, trust ?? CacheTrust.Of(Team.Private, null), change);
        machines.Add(machine);
        return machine;
    }

    private void Do(Attack attack)
    {
        var (entry, pack) = (Name(Key, "main"), PackOf(Key));
        server.Kept[attack < Attack.ByteOfTheEntry ? pack : entry] = attack switch
        {
            Attack.ByteOfThePack => Flipped(server.Kept[pack], server.Kept[pack].Length / 2),
            Attack.ShorterPack => server.Kept[pack][..^1],
            Attack.LongerPack => [.. server.Kept[pack], 0],
            Attack.PackOfAnother => server.Kept[PackOf(Other)],
            Attack.ByteOfTheEntry => Flipped(server.Kept[entry], 30),
            Attack.NoSignature => Encoding.UTF8.GetBytes(
                Text(entry)[..Text(entry).LastIndexOf("sign ", StringComparison.Ordinal)]
            ),
            Attack.SignedByAStranger => Encoding.UTF8.GetBytes(
                SharedEntryText.Write(
                    SharedEntryText.Read(Text(entry), (Key, "main"), CacheTrust.Of(Team.Private, null))!,
                    CacheTrust.Of(Fork.Private, null)
                )
            ),
            Attack.EntryOfAnotherKey => server.Kept[Name(Other, "main")],
            Attack.EntryOfAnotherScope => server.Kept[Name(Key, "feature")],
            Attack.Emptied => [],
            _ => Encoding.UTF8.GetBytes("<html>Sign in</html>"),
        };
    }

    private string Text(string path) => Encoding.UTF8.GetString(server.Kept[path]);

    private string PackOf(TaskKey key) =>
        $"/cas/{SharedEntryText.Read(Text(Name(key, "main")), (key, "main"), CacheTrust.Of(Team.Private, null))!.Pack}";

    private static string Name(TaskKey key, string scope) => $"/ac/{SharedEntryText.NameOf(key.Digest, scope)}";

    private static byte[] Flipped(byte[] bytes, int at)
    {
        byte[] flipped = [.. bytes];
        flipped[at] ^= 1;
        return flipped;
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(SHA256.HashData(bytes));

    private static WorkFile FileOf(string path, long size) => new(path, new string('a', 64), size, false, false);

    private static WorkFile LinkOf(string path, string target) => new(path, target, 0, false, true);

    private static SharedTask Entry(params WorkFile[] files) =>
        new(new(Key, files, TimeSpan.Zero, DateTimeOffset.UnixEpoch, "main"), new string('b', 64), 1);
}
