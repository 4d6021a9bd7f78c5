using System.Globalization;
using Fairlead.Drivers.Stores;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Fairlead.Model.Security;
using Microsoft.Data.Sqlite;

namespace Fairlead.Tests.Drivers.Stores;

public sealed class SqliteStoreTests : StoreContract, IDisposable
{
    private readonly Folder folder = new();
    private readonly List<SqliteStore> opened = [];

    private string DatabasePath => folder["state/fairlead.db"];

    [Fact]
    public async Task The_first_hash_is_what_the_documented_form_says()
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        var entry = (await store.CommitAsync(Note(fence, "hé"), Stop))[0];
        var form =
            $"64:{new string('0', 64)};1:1;28:2026-03-01T12:00:00.0000000Z;4:shop;10:production;-;1:1;4:note;3:hé;-;";
        Assert.Equal(
            Convert.ToHexStringLower(
                System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(form))
            ),
            entry.Hash
        );
    }

    [Theory]
    [InlineData("UPDATE journal SET text = 'x' WHERE seq = 4", 4)]
    [InlineData("UPDATE journal SET at = replace(at, '12:', '13:') WHERE seq = 4", 4)]
    [InlineData("UPDATE journal SET fence = 2 WHERE seq = 1", 1)]
    [InlineData("UPDATE journal SET body = '{ }' WHERE seq = 6", 6)]
    [InlineData("UPDATE journal SET deployment = '' WHERE seq = 6", 6)]
    [InlineData("UPDATE journal SET hash = replace(hash, 'a', 'b') WHERE seq = 5", 5)]
    [InlineData("DELETE FROM journal WHERE seq = 1", 1)]
    [InlineData("DELETE FROM journal WHERE seq = 5", 5)]
    [InlineData("DELETE FROM journal WHERE seq >= 8", 8)]
    [InlineData("DELETE FROM journal", 1)]
    [InlineData("UPDATE journal SET seq = 100 WHERE seq = 3", 3)]
    [InlineData(
        "INSERT INTO journal SELECT 11, at, app, environment, deployment, fence, kind, text, body, hash FROM journal WHERE seq = 10",
        11
    )]
    public async Task A_journal_that_was_tampered_with_shows_where(string tampering, long expected)
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        for (var number = 1; number <= 10; number++)
        {
            await store.CommitAsync(Note(fence, $"note {number}"), Stop);
        }
        Assert.Null(await store.FindBreakAsync(Stop));

        Tamper("DROP TRIGGER journal_is_not_changed; DROP TRIGGER journal_is_not_cut; " + tampering);

        Assert.Equal(expected, await store.FindBreakAsync(Stop));
    }

    [Theory]
    [InlineData("UPDATE journal SET text = 'x'")]
    [InlineData("DELETE FROM journal")]
    public async Task The_database_itself_refuses_to_change_the_journal(string tampering)
    {
        var store = Open();
        await store.CommitAsync(Note(await store.TakeChargeAsync("one", Stop), "note"), Stop);
        Assert.Contains("only ever appended to", Assert.Throws<SqliteException>(() => Tamper(tampering)).Message);
    }

    [Fact]
    public async Task Lines_go_only_with_what_stands_for_them_and_only_those()
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        for (var number = 1; number <= 10; number++)
        {
            await store.CommitAsync(Note(fence, $"note {number}"), Stop);
        }
        var lines = await store.ReadLinesAsync(0, 100, Stop);
        var removal = Standing(1, lines[3], new string('0', 64));

        await store.CommitAsync(Note(fence, "told") with { Removal = removal }, Stop);

        Assert.Equal(
            Enumerable.Range(5, 7).Select(one => (long)one),
            (await store.ReadJournalAsync(0, null, 100, Stop)).Select(one => one.Sequence)
        );
        Assert.Equal([removal.Signature], (await store.ReadRemovalsAsync(Stop)).Select(one => one.Signature));
        Assert.Null(await store.FindBreakAsync(Stop));
        Assert.Contains(
            "only ever appended to",
            Assert.Throws<SqliteException>(() => Tamper("DELETE FROM journal WHERE seq = 5")).Message
        );
        Assert.Throws<SqliteException>(() => Tamper("DELETE FROM removals"));
        Assert.Throws<SqliteException>(() => Tamper("UPDATE removals SET last = 7"));
        // One that does not begin where the last one ended removes nothing, and nothing else of its change is done.
        await Assert.ThrowsAsync<InvalidOperationException>(() =>
            store.CommitAsync(Note(fence, "no") with { Removal = Standing(6, lines[7], lines[4].Hash) }, Stop)
        );
        Assert.Equal(7, (await store.ReadJournalAsync(0, null, 100, Stop)).Count);
    }

    private static Removal Standing(long first, HashedLine last, string before) =>
        new(
            first,
            before,
            new TreeHead(last.Row.Sequence, "", last.Hash, default, "", ""),
            [],
            "",
            "",
            default,
            "somebody",
            "keep 400d",
            "",
            "signature"
        );

    [Fact]
    public void The_file_is_readable_by_its_owner_alone()
    {
        Open();
        foreach (var file in Directory.GetFiles(folder["state"]))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    [Fact]
    public async Task A_text_that_the_database_cannot_hold_is_kept_as_far_as_it_can()
    {
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        var written = await store.CommitAsync(Note(fence, "a\0b\ud800c"), Stop);
        Assert.Equal("a\uFFFDb\uFFFDc", written[0].Text);
        Assert.Equal(written.Select(Whole), (await store.ReadJournalAsync(0, null, 10, Stop)).Select(Whole));
        Assert.Null(await store.FindBreakAsync(Stop));
    }

    [Fact]
    public void A_file_of_a_newer_Fairlead_is_left_alone()
    {
        Open();
        Tamper("PRAGMA user_version = 1000");
        Assert.Equal("store.newer", Assert.Throws<ProblemException>(Open).Problem.Code);
    }

    [Fact]
    public void A_file_that_is_no_database_is_said_to_be_damaged()
    {
        folder.Write("state/fairlead.db", string.Concat(Enumerable.Repeat("not a database ", 1000)));
        Assert.Equal("store.corrupt", Assert.Throws<ProblemException>(Open).Problem.Code);
    }

    [Fact]
    public void A_place_where_no_file_can_be_made_is_said_with_a_way_out()
    {
        var path = Path.Combine(folder.Write("file", ""), "fairlead.db");
        var problem = Assert.Throws<ProblemException>(() => SqliteStore.Open(path, World)).Problem;
        Assert.Equal("store.cannot-open", problem.Code);
        Assert.Contains(path, problem.What);
    }

    /// <summary>
    /// A power cut leaves a prefix of the write-ahead log. Whatever the prefix, the journal is a prefix of what was written,
    /// with a whole chain, and the documents are those of its last entry.
    /// </summary>
    [Fact]
    public async Task Any_prefix_of_the_write_ahead_log_is_a_prefix_of_the_journal()
    {
        const int commits = 12;
        var store = Open();
        var fence = await store.TakeChargeAsync("one", Stop);
        for (var number = 1; number <= commits; number++)
        {
            var text = string.Create(CultureInfo.InvariantCulture, $"{number}");
            await store.CommitAsync(
                Note(fence, text + new string('.', 700)) with
                {
                    Writes = [new("count", "it", number)],
                },
                Stop
            );
        }
        var all = (await store.ReadJournalAsync(0, null, 100, Stop)).Select(Whole).ToList();
        var database = await File.ReadAllBytesAsync(DatabasePath, Stop);
        var log = await File.ReadAllBytesAsync(DatabasePath + "-wal", Stop);
        Assert.True(log.Length > 100_000, "the log was not checkpointed meanwhile");

        const int frame = 4096 + 24;
        int[] inside = [0, 1, 30, 2_000];
        var cuts = Enumerable
            .Range(0, (log.Length / frame) + 1)
            .SelectMany(number => inside.Select(more => 32 + (number * frame) + more))
            .Prepend(0)
            .Prepend(20)
            .Where(cut => cut <= log.Length)
            .Append(log.Length);
        var seen = new SortedSet<int>();
        foreach (var cut in cuts)
        {
            var count = await ReopenAsync(database, log.AsMemory(0, cut), all);
            seen.Add(count);
        }
        // The table itself came through the log: a store cut before its first commit is a new one.
        Assert.Equal(Enumerable.Range(0, commits + 1), seen);

        for (var at = 50; at < log.Length; at += 7_919)
        {
            var flipped = log.ToArray();
            flipped[at] ^= 0x10;
            await ReopenAsync(database, flipped, all);
        }
    }

    private async Task<int> ReopenAsync(byte[] database, ReadOnlyMemory<byte> log, List<string> all)
    {
        using var crashed = new Folder();
        await File.WriteAllBytesAsync(crashed["fairlead.db"], database, Stop);
        await File.WriteAllBytesAsync(crashed["fairlead.db-wal"], log, Stop);
        using var store = SqliteStore.Open(crashed["fairlead.db"], World);
        var journal = (await store.ReadJournalAsync(0, null, 100, Stop)).Select(Whole).ToList();
        Assert.Equal(all.Take(journal.Count), journal);
        Assert.Null(await store.FindBreakAsync(Stop));
        var document = await store.ReadAsync("count", "it", Stop);
        Assert.Equal(journal.Count, document?.Body.GetValue<int>() ?? 0);
        return journal.Count;
    }

    protected override IStore Open()
    {
        var store = SqliteStore.Open(DatabasePath, World);
        opened.Add(store);
        return store;
    }

    public void Dispose()
    {
        opened.ForEach(store => store.Dispose());
        folder.Dispose();
    }

    private SqliteConnection Stranger()
    {
        var connection = new SqliteConnection($"Data Source={DatabasePath};Pooling=False");
        connection.Open();
        return connection;
    }

    private void Tamper(string sql)
    {
        using var stranger = Stranger();
        using var command = stranger.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
