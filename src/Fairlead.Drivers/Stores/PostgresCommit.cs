using System.Globalization;
using System.Text.Json;
using Fairlead.Drivers.Http;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Npgsql;

namespace Fairlead.Drivers.Stores;

/// <summary>A change on its way into PostgreSQL: all is said, and nothing is committed yet.</summary>
/// <param name="Id">The transaction's.</param>
/// <param name="Written">What is answered once it is done.</param>
internal sealed record PostgresCommit(string Id, IReadOnlyList<JournalEntry> Written)
{
    private const int LooksMax = 50;
    private static readonly TimeSpan LookPause = TimeSpan.FromMilliseconds(100);

    // A database may be told to acknowledge before it is on a disk; this one's promise is that it is.
    private static readonly (string, object?[])[] Manners =
    [
        (
            "SELECT set_config('lock_timeout', '5s', true), set_config('statement_timeout', '30s', true), set_config('idle_in_transaction_session_timeout', '30s', true)",
            []
        ),
        (
            "SELECT set_config('synchronous_commit', 'on', true) WHERE current_setting('synchronous_commit') IN ('off', 'local')",
            []
        ),
    ];

    /// <summary>Locks the lease, checks fence and versions, and writes; the caller commits.</summary>
    /// <exception cref="FencedException">The change's fence is not the newest.</exception>
    /// <exception cref="ConflictException">A document has another version than the change expects.</exception>
    public static async Task<PostgresCommit> PrepareAsync(
        PostgresSql sql,
        Change change,
        DateTimeOffset now,
        CancellationToken stop
    )
    {
        var look = await LookAsync(sql, change, stop);
        // Fence 0 is what a store holds that nobody took charge of; it lets no one in.
        if (change.Fence != look.Newest || look.Newest.Number == 0)
        {
            throw new FencedException(change.Fence, look.Newest);
        }
        List<(string, object?[])> writes = [.. Documents(change.Writes, look.Versions)];
        if (change.Removal is { } removal)
        {
            writes.AddRange(await RemovalAsync(sql, removal, stop));
        }
        var (written, appends) = Entries(change, look.Head, now);
        writes.AddRange(appends);
        await sql.RunAllAsync(writes, stop);
        return new(look.Id, written);
    }

    /// <summary>Whether it was done, asked on another connection after its own broke.</summary>
    /// <exception cref="NpgsqlException">The transaction is still under way.</exception>
    public async Task<bool> IsDoneAsync(NpgsqlConnection connection, World world, CancellationToken stop)
    {
        for (var looks = 1; ; looks++)
        {
            var status = await StatusAsync(new PostgresSql(connection), stop);
            if (status is not "in progress")
            {
                return status is "committed";
            }
            if (looks == LooksMax)
            {
                throw new NpgsqlException("The last change is still being written.");
            }
            await Task.Delay(LookPause, world.Clock, stop);
        }
    }

    public static async Task<(long Sequence, string Hash)> HeadAsync(PostgresSql sql, CancellationToken stop) =>
        (await sql.RowsAsync("SELECT seq, hash FROM fairlead.head", [], Place, stop))[0];

    /// <summary>The last line that was removed, and its hash.</summary>
    public static async Task<(long Sequence, string Hash)> RemovedAsync(PostgresSql sql, CancellationToken stop) =>
        (
            await sql.RowsAsync("SELECT last, hash FROM fairlead.removals ORDER BY last DESC LIMIT 1", [], Place, stop)
        ).FirstOrDefault((0, JournalChain.Root));

    private async Task<string> StatusAsync(PostgresSql sql, CancellationToken stop)
    {
        try
        {
            return (
                await sql.RowsAsync(
                    "SELECT coalesce(pg_xact_status($1::text::xid8), '')",
                    [Id],
                    row => row.GetString(0),
                    stop
                )
            )[0];
        }
        catch (PostgresException caught) when (caught.SqlState is PostgresErrorCodes.InvalidParameterValue)
        {
            // It knows no transaction of this number yet: another took the place of the one that did, and has not heard of it.
            return "";
        }
    }

    private sealed record Looked(
        Fence Newest,
        string Id,
        (long Sequence, string Hash) Head,
        Dictionary<(string, string), int> Versions
    );

    /// <summary>In one exchange: what is read after the lease was locked stays so until the end.</summary>
    private static async Task<Looked> LookAsync(PostgresSql sql, Change change, CancellationToken stop)
    {
        var (collections, keys) = (
            change.Writes.Select(write => write.Collection).ToArray(),
            change.Writes.Select(write => write.Key).ToArray()
        );
        await using var batch = sql.Batch([
            .. Manners,
            ("SELECT fence, pg_current_xact_id()::text FROM fairlead.lease FOR UPDATE", []),
            ("SELECT seq, hash FROM fairlead.head", []),
            (
                """
                SELECT collection, key, version FROM fairlead.documents
                WHERE (collection, key) IN (SELECT * FROM unnest($1::text[], $2::text[]))
                """,
                [collections, keys]
            ),
        ]);
        await using var reader = await batch.ExecuteReaderAsync(stop);
        for (var skipped = 0; skipped < Manners.Length; skipped++)
        {
            await reader.NextResultAsync(stop);
        }
        await reader.ReadAsync(stop);
        var (newest, id) = (new Fence(reader.GetInt64(0)), reader.GetString(1));
        await reader.NextResultAsync(stop);
        await reader.ReadAsync(stop);
        var head = Place(reader);
        await reader.NextResultAsync(stop);
        var versions = new Dictionary<(string, string), int>();
        while (await reader.ReadAsync(stop))
        {
            versions[(reader.GetString(0), reader.GetString(1))] = reader.GetInt32(2);
        }
        return new(newest, id, head, versions);
    }

    private static IEnumerable<(string, object?[])> Documents(
        IEnumerable<Write> writes,
        Dictionary<(string, string), int> versions
    )
    {
        foreach (var write in writes)
        {
            var place = (write.Collection, write.Key);
            var version = versions.GetValueOrDefault(place);
            if (write.Expected is { } expected && expected != version)
            {
                throw new ConflictException(write.Collection, write.Key);
            }
            if (StoredText.Of(write.Body) is not { } body)
            {
                versions.Remove(place);
                yield return (
                    "DELETE FROM fairlead.documents WHERE collection = $1 AND key = $2",
                    [write.Collection, write.Key]
                );
                continue;
            }
            versions[place] = version + 1;
            yield return (
                """
                INSERT INTO fairlead.documents (collection, key, version, body) VALUES ($1, $2, $3, $4)
                ON CONFLICT (collection, key) DO UPDATE SET version = excluded.version, body = excluded.body
                """,
                [write.Collection, write.Key, version + 1, body]
            );
        }
    }

    private static async Task<IEnumerable<(string, object?[])>> RemovalAsync(
        PostgresSql sql,
        Removal removal,
        CancellationToken stop
    )
    {
        var chain = await sql.RowsAsync(
            "SELECT hash FROM fairlead.journal WHERE seq = $1",
            [removal.Last()],
            row => row.GetString(0),
            stop
        );
        JournalTable.CheckRemoval(removal, await RemovedAsync(sql, stop), chain.Count > 0 ? chain[0] : null);
        return [Stand(removal), ("DELETE FROM fairlead.journal WHERE seq <= $1", [removal.Last()])];
    }

    /// <summary>Puts in what stands for removed lines.</summary>
    internal static (string, object?[]) Stand(Removal removal) =>
        (
            "INSERT INTO fairlead.removals (last, hash, body) VALUES ($1, $2, $3)",
            [removal.Last(), removal.Head.Chain, JsonSerializer.Serialize(removal, Wire.Json)]
        );

    private static (List<JournalEntry> Written, List<(string, object?[])> Appends) Entries(
        Change change,
        (long Sequence, string Hash) head,
        DateTimeOffset now
    )
    {
        var (written, appends) = (new List<JournalEntry>(), new List<(string, object?[])>());
        foreach (var entry in change.Entries)
        {
            var row = JournalTable.Row(head.Sequence + 1, entry, change.Fence, now);
            head = (row.Sequence, JournalChain.Hash(head.Hash, row));
            written.Add(JournalTable.Entry(row, head.Hash));
            appends.Add(Append(new(row, head.Hash)));
        }
        if (written.Count > 0)
        {
            appends.Add(("UPDATE fairlead.head SET seq = $1, hash = $2", [head.Sequence, head.Hash]));
        }
        return (written, appends);
    }

    /// <summary>Puts a line into the journal as it is.</summary>
    internal static (string, object?[]) Append(HashedLine line) =>
        (
            string.Create(
                CultureInfo.InvariantCulture,
                $"INSERT INTO fairlead.journal ({JournalTable.Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)"
            ),
            [
                line.Row.Sequence,
                line.Row.At,
                line.Row.App,
                line.Row.Environment,
                line.Row.Deployment,
                line.Row.Fence,
                line.Row.Kind,
                line.Row.Text,
                line.Row.Body,
                line.Hash,
            ]
        );

    private static (long Sequence, string Hash) Place(NpgsqlDataReader row) => (row.GetInt64(0), row.GetString(1));
}
