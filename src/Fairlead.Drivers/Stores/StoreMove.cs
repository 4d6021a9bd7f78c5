using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Stores;

/// <summary>Copies a store from its SQLite file into an empty PostgreSQL, line by line as it was hashed, with its versions and its fence.</summary>
public static class StoreMove
{
    private const int LinesAtOnce = 500;

    /// <param name="Lines">Of the journal.</param>
    public sealed record Moved(long Lines, long Documents);

    /// <exception cref="ProblemException">One of them cannot be used, or the PostgreSQL is not empty; nothing was changed.</exception>
    public static async Task<Moved> RunAsync(string database, PostgresAddress to, World world, CancellationToken stop)
    {
        using var from = SqliteStore.Open(database, world);
        using var server = new PostgresServer(to, world);
        return await server.DoAsync(
            async connection =>
            {
                await using var transaction = await connection.BeginTransactionAsync(stop);
                var sql = new PostgresSql(connection, transaction);
                await CheckEmptyAsync(sql, to, stop);
                foreach (var removal in await from.ReadRemovalsAsync(stop))
                {
                    await sql.RunAllAsync([PostgresCommit.Stand(removal)], stop);
                }
                var lines = await LinesAsync(from, sql, stop);
                var documents = await DocumentsAsync(new SqliteFile(database), sql, stop);
                await transaction.CommitAsync(stop);
                return new Moved(lines, documents);
            },
            stop
        );
    }

    private static async Task CheckEmptyAsync(PostgresSql sql, PostgresAddress to, CancellationToken stop)
    {
        var fence = await sql.NumberAsync("SELECT fence FROM fairlead.lease FOR UPDATE", [], stop);
        var documents = await sql.NumberAsync("SELECT count(*) FROM fairlead.documents", [], stop);
        if (fence > 0 || documents > 0)
        {
            throw new ProblemException(
                new Problem(
                    "store.not-empty",
                    What: $"Nothing was moved to {to}.",
                    Why: $"A Fairlead has its state there: {fence} times a server took charge, and it has {documents} documents.",
                    Fix: "Move into a database of its own: createdb --owner fairlead --encoding UTF8 --template template0 fairlead"
                )
                {
                    Trouble = Trouble.Conflict,
                }
            );
        }
    }

    private static async Task<long> LinesAsync(SqliteStore from, PostgresSql sql, CancellationToken stop)
    {
        var (after, count) = (0L, 0L);
        while (await from.ReadLinesAsync(after, LinesAtOnce, stop) is { Count: > 0 } lines)
        {
            await sql.RunAllAsync(lines.Select(PostgresCommit.Append), stop);
            (after, count) = (lines[^1].Row.Sequence, count + lines.Count);
        }
        return count;
    }

    private static async Task<long> DocumentsAsync(SqliteFile from, PostgresSql sql, CancellationToken stop)
    {
        await using var connection = from.Connect();
        var source = new Sql(connection);
        var count = 0L;
        foreach (
            var some in source.Rows("SELECT collection, key, version, body FROM documents", Document).Chunk(LinesAtOnce)
        )
        {
            await sql.RunAllAsync(some, stop);
            count += some.Length;
        }
        // The newest line as it is said to be: a journal that was cut is no whole one for having been moved.
        await sql.RunAllAsync(
            [
                .. source.Rows("SELECT seq, hash FROM head", Head),
                .. source.Rows("SELECT fence FROM lease", row => Lease(row.GetInt64(0))),
            ],
            stop
        );
        return count;
    }

    private static (string, object?[]) Document(SqliteDataReader row) =>
        (
            "INSERT INTO fairlead.documents (collection, key, version, body) VALUES ($1, $2, $3, $4)",
            [row.GetString(0), row.GetString(1), row.GetInt32(2), row.GetString(3)]
        );

    private static (string, object?[]) Head(SqliteDataReader row) =>
        ("UPDATE fairlead.head SET seq = $1, hash = $2", [row.GetInt64(0), row.GetString(1)]);

    // Node and edge obey no lower one than they have seen.
    private static (string, object?[]) Lease(long fence) => ("UPDATE fairlead.lease SET fence = $1", [fence]);
}
