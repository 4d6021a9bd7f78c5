using System.Globalization;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Fairlead.Drivers.Data;

/// <summary>
/// Migrates a file of SQLite. Each file is one transaction together with its line in <c>fairlead_migrations</c>, schema and all; who comes second finds it done in the same
/// transaction that would have done it.
/// </summary>
public sealed class SqliteMigrator(World world) : IMigrator
{
    public async Task<IMigrationSession> OpenAsync(string url, MigrationLimits limits, CancellationToken stop)
    {
        var path = url.StartsWith('/') ? url : new Uri(url).LocalPath;
        if (!Directory.Exists(Path.GetDirectoryName(path)))
        {
            throw new ProblemException(MigrationProblems.NoFolder(path));
        }
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Pooling = false,
                // A table is rebuilt by dropping the old one, which must not take rows of others along: it is checked at the end instead.
                ForeignKeys = false,
                DefaultTimeout = (int)Math.Ceiling(limits.Lock.TotalSeconds),
            }.ConnectionString
        );
        try
        {
            await connection.OpenAsync(stop);
            await SqliteMigrationSession.RunAsync(
                connection,
                """
                CREATE TABLE IF NOT EXISTS fairlead_migrations (
                  name TEXT PRIMARY KEY, digest TEXT NOT NULL, release TEXT NOT NULL, whole INTEGER NOT NULL,
                  at TEXT NOT NULL, took_ms INTEGER NOT NULL DEFAULT 0)
                """,
                stop
            );
            return new SqliteMigrationSession(connection, await AppliedAsync(connection, stop), limits, world);
        }
        catch (SqliteException caught)
        {
            await connection.DisposeAsync();
            throw new ProblemException(MigrationProblems.NoFile(path, caught.Message), caught);
        }
    }

    private static async Task<IReadOnlyList<AppliedMigration>> AppliedAsync(
        SqliteConnection connection,
        CancellationToken stop
    )
    {
        var applied = new List<AppliedMigration>();
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, digest, at, whole FROM fairlead_migrations ORDER BY at, name";
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var at = DateTimeOffset.Parse(reader.GetString(2), CultureInfo.InvariantCulture);
            applied.Add(new(reader.GetString(0), reader.GetString(1), at, reader.GetBoolean(3)));
        }
        return applied;
    }
}

/// <summary>One connection to a file of SQLite.</summary>
internal sealed class SqliteMigrationSession(
    SqliteConnection connection,
    IReadOnlyList<AppliedMigration> applied,
    MigrationLimits limits,
    World world
) : IMigrationSession
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    public DatabaseKind Kind => DatabaseKind.Sqlite;

    public IReadOnlyList<AppliedMigration> Applied => applied;

    public async Task<MigrationResult> RunAsync(MigrationOrder order, Action<string> say, CancellationToken stop)
    {
        if (applied.FirstOrDefault(one => one.Name == order.Name) is { IsWhole: false })
        {
            throw new ProblemException(MigrationProblems.Dirty(order, 0));
        }
        for (var retries = 0; ; retries++)
        {
            var (began, line) = (world.Clock.GetTimestamp(), order.Statements is [var first, ..] ? first.Line : 1);
            try
            {
                var rows =
                    order.IsBatch || order.RunsAlone
                        ? await AloneAsync(order, now => line = now, began, stop)
                        : await TogetherAsync(order, now => line = now, began, stop);
                return new(world.Clock.GetElapsedTime(began), [], rows, retries);
            }
            catch (SqliteException caught)
                when (caught.SqliteErrorCode is raw.SQLITE_BUSY or raw.SQLITE_LOCKED
                    && retries < limits.LockRetries
                    && !order.RunsAlone
                )
            {
                say($"{order.Name}: no lock within {limits.Lock.TotalSeconds:0.#} s; it is tried again");
                await Task.Delay(RetryPause, world.Clock, stop);
            }
            catch (SqliteException caught)
            {
                throw new ProblemException(ProblemOf(caught, (order.Name, line), order.RunsAlone), caught);
            }
        }
    }

    public async ValueTask DisposeAsync() => await connection.DisposeAsync();

    internal static async Task<int> RunAsync(SqliteConnection connection, string sql, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        return await command.ExecuteNonQueryAsync(stop);
    }

    private async Task<long> TogetherAsync(MigrationOrder order, Action<int> at, long began, CancellationToken stop)
    {
        // Not deferred: it has the right to write from here on, or it waits for it here.
        await using var transaction = connection.BeginTransaction(deferred: false);
        if (await IsDoneAsync(order, stop))
        {
            return 0;
        }
        long rows = 0;
        foreach (var statement in order.Statements)
        {
            at(statement.Line);
            rows += Math.Max(0, await DoAsync(statement, stop));
        }
        await CheckKeysAsync(order, stop);
        await RememberAsync(order, isWhole: true, began, stop);
        await transaction.CommitAsync(stop);
        return rows;
    }

    private async Task<long> AloneAsync(MigrationOrder order, Action<int> at, long began, CancellationToken stop)
    {
        if (!order.IsBatch)
        {
            await RememberAsync(order, isWhole: false, began, stop);
        }
        long rows = 0;
        foreach (var statement in order.Statements)
        {
            at(statement.Line);
            int changed;
            do
            {
                changed = await DoAsync(statement, stop);
                rows += Math.Max(0, changed);
                if (order.IsBatch)
                {
                    await Task.Delay(order.BatchPause, world.Clock, stop);
                }
            } while (order.IsBatch && changed > 0);
        }
        await RememberAsync(order, isWhole: true, began, stop);
        return rows;
    }

    // It has no limit of its own for a statement, so it is told to stop.
    private async Task<int> DoAsync(MigrationStatement statement, CancellationToken stop)
    {
        using var limit = new CancellationTokenSource(limits.Statement, world.Clock);
        await using var late = limit.Token.Register(() => raw.sqlite3_interrupt(connection.Handle));
        return await RunAsync(connection, statement.Text, stop);
    }

    private async Task<bool> IsDoneAsync(MigrationOrder order, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "SELECT count(*) FROM fairlead_migrations WHERE name = $name";
        command.Parameters.AddWithValue("$name", order.Name);
        return await command.ExecuteScalarAsync(stop) is > 0L;
    }

    private async Task CheckKeysAsync(MigrationOrder order, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA foreign_key_check";
        await using var reader = await command.ExecuteReaderAsync(stop);
        if (await reader.ReadAsync(stop))
        {
            var (table, parent) = (reader.GetString(0), reader.GetString(2));
            throw new ProblemException(
                MigrationProblems.Failed(
                    (order.Name, order.Statements is [.., var last] ? last.Line : 1),
                    $"A row of {table} would name one of {parent} that is not there.",
                    wasUndone: true
                )
            );
        }
    }

    private async Task RememberAsync(MigrationOrder order, bool isWhole, long began, CancellationToken stop)
    {
        await using var command = connection.CreateCommand();
        command.CommandText =
            "INSERT OR REPLACE INTO fairlead_migrations (name, digest, release, whole, at, took_ms) VALUES ($name, $digest, $release, $whole, $at, $took)";
        command.Parameters.AddWithValue("$name", order.Name);
        command.Parameters.AddWithValue("$digest", order.Digest);
        command.Parameters.AddWithValue("$release", order.Release);
        command.Parameters.AddWithValue("$whole", isWhole);
        command.Parameters.AddWithValue("$at", world.Now.ToString("O", CultureInfo.InvariantCulture));
        command.Parameters.AddWithValue("$took", (long)world.Clock.GetElapsedTime(began).TotalMilliseconds);
        await command.ExecuteNonQueryAsync(stop);
    }

    private Problem ProblemOf(SqliteException caught, (string Name, int Line) place, bool isAlone) =>
        caught.SqliteErrorCode switch
        {
            raw.SQLITE_BUSY or raw.SQLITE_LOCKED => MigrationProblems.NoLock(place, limits, "lsof"),
            raw.SQLITE_INTERRUPT => MigrationProblems.TooLong(place, limits),
            _ => MigrationProblems.Failed(place, caught.Message, wasUndone: !isAlone),
        };
}
