using System.Globalization;
using Fairlead.Drivers.Stores;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
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

    protected override string Unguarded => "DROP TRIGGER journal_is_not_changed; DROP TRIGGER journal_is_not_cut; ";

    protected override void Tamper(string sql)
    {
        using var stranger = Stranger();
        using var command = stranger.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
