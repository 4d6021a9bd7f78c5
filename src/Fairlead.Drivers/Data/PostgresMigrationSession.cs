using System.Globalization;
using System.Text.RegularExpressions;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Npgsql;

namespace Fairlead.Drivers.Data;

/// <summary>One connection that holds the lock of those who migrate.</summary>
internal sealed partial class PostgresMigrationSession(
    NpgsqlConnection connection,
    IReadOnlyList<AppliedMigration> applied,
    MigrationLimits limits,
    World world
) : IMigrationSession
{
    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryPauseMax = TimeSpan.FromSeconds(15);

    public DatabaseKind Kind => DatabaseKind.Postgres;

    public IReadOnlyList<AppliedMigration> Applied => applied;

    public async Task<MigrationResult> RunAsync(MigrationOrder order, Action<string> say, CancellationToken stop)
    {
        var pause = RetryPause;
        for (var retries = 0; ; retries++)
        {
            try
            {
                var began = world.Clock.GetTimestamp();
                var (locks, rows) =
                    order.IsBatch ? await BatchAsync(order, say, stop)
                    : order.RunsAlone ? await AloneAsync(order, stop)
                    : await TogetherAsync(order, stop);
                return new(world.Clock.GetElapsedTime(began), locks, rows, retries);
            }
            catch (StatementFailedException caught) when (caught.IsLockTimeout && retries < limits.LockRetries)
            {
                // Whoever waited behind it gets through now, and the one before it has time to end.
                say(
                    $"{order.Name}: no lock within {limits.Lock.TotalSeconds:0.#} s in line {caught.Line}; it is tried again in {pause.TotalSeconds:0.#} s"
                );
                await Task.Delay(pause, world.Clock, stop);
                pause = pause * 2 < RetryPauseMax ? pause * 2 : RetryPauseMax;
            }
            catch (StatementFailedException caught)
            {
                throw new ProblemException(MigrationProblems.Of(caught.Cause, order.Name, caught.Line, limits), caught);
            }
        }
    }

    public async ValueTask DisposeAsync() => await connection.DisposeAsync();

    private async Task<(IReadOnlyList<string> Locks, long Rows)> TogetherAsync(
        MigrationOrder order,
        CancellationToken stop
    )
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(stop);
            var began = world.Clock.GetTimestamp();
            long rows = 0;
            foreach (var statement in order.Statements)
            {
                rows += Math.Max(0, await DoAsync(statement, stop));
            }
            var locks = await LocksAsync(stop);
            await RememberAsync(order, isWhole: true, world.Clock.GetElapsedTime(began), stop);
            await transaction.CommitAsync(stop);
            return (locks, rows);
        }
        catch (NpgsqlException caught) when (caught is not PostgresException)
        {
            throw new StatementFailedException(caught, order.Statements.Count == 0 ? 1 : order.Statements[0].Line);
        }
        catch (PostgresException caught) // The end of the transaction itself, such as a deferred constraint.
        {
            throw new StatementFailedException(caught, order.Statements[^1].Line);
        }
    }

    private async Task<(IReadOnlyList<string> Locks, long Rows)> AloneAsync(
        MigrationOrder order,
        CancellationToken stop
    )
    {
        // Marked first: what is found half done by the next one was left by this file, and by nobody else.
        var isAgain = applied.Any(one => one.Name == order.Name);
        var began = world.Clock.GetTimestamp();
        await RememberAsync(order, isWhole: false, TimeSpan.Zero, stop);
        long rows = 0;
        foreach (var statement in order.Statements)
        {
            if (await IsDoneAsync(statement, isAgain, stop))
            {
                continue;
            }
            rows += Math.Max(0, await DoAsync(statement, stop));
        }
        await RememberAsync(order, isWhole: true, world.Clock.GetElapsedTime(began), stop);
        return ([], rows);
    }

    private async Task<(IReadOnlyList<string> Locks, long Rows)> BatchAsync(
        MigrationOrder order,
        Action<string> say,
        CancellationToken stop
    )
    {
        var began = world.Clock.GetTimestamp();
        long rows = 0;
        foreach (var statement in order.Statements)
        {
            for (var round = 1; ; round++)
            {
                var at = world.Clock.GetTimestamp();
                var changed = await DoAsync(statement, stop);
                if (changed <= 0)
                {
                    break;
                }
                rows += changed;
                var took = world.Clock.GetElapsedTime(at);
                if (round % 20 == 1)
                {
                    say(
                        string.Create(
                            CultureInfo.InvariantCulture,
                            $"{order.Name}: {rows} rows, {took.TotalMilliseconds:0} ms a round"
                        )
                    );
                }
                await Task.Delay(took > order.BatchPause ? took : order.BatchPause, world.Clock, stop);
            }
        }
        await RememberAsync(order, isWhole: true, world.Clock.GetElapsedTime(began), stop);
        return ([], rows);
    }

    private async Task<int> DoAsync(MigrationStatement statement, CancellationToken stop)
    {
        try
        {
            return await PostgresCalls.RunAsync(connection, statement.Text, stop);
        }
        catch (NpgsqlException caught)
        {
            throw new StatementFailedException(caught, statement.Line);
        }
    }

    // An index whose building was cut off is there and not valid: it costs every write and serves nobody.
    private async Task<bool> IsDoneAsync(MigrationStatement statement, bool isAgain, CancellationToken stop)
    {
        if (IndexName().Match(statement.Text) is not { Success: true } match)
        {
            return false;
        }
        var name = match.Groups["name"].Value;
        var state = await PostgresCalls.AskAsync<string>(
            connection,
            "SELECT coalesce((SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'broken' END FROM pg_index WHERE indexrelid = to_regclass(@name)), '')",
            [("name", name)],
            stop
        );
        if (state == "broken")
        {
            await PostgresCalls.RunAsync(connection, $"DROP INDEX CONCURRENTLY IF EXISTS {name}", stop);
        }
        return isAgain && state == "valid";
    }

    // Held until the end of the transaction, so all that it ever took are there now.
    private async Task<IReadOnlyList<string>> LocksAsync(CancellationToken stop)
    {
        var locks = new List<string>();
        await using var command = new NpgsqlCommand(
            """
            SELECT DISTINCT l.mode || ' on ' || l.relation::regclass::text FROM pg_locks l JOIN pg_class c ON c.oid = l.relation
            WHERE l.pid = pg_backend_pid() AND l.granted AND c.relkind IN ('r', 'p', 'm') AND c.relnamespace <> 'pg_catalog'::regnamespace
              AND l.mode IN ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock')
            ORDER BY 1 LIMIT 50
            """,
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            locks.Add(reader.GetString(0));
        }
        return locks;
    }

    private async Task RememberAsync(MigrationOrder order, bool isWhole, TimeSpan took, CancellationToken stop)
    {
        await using var command = new NpgsqlCommand(
            """
            INSERT INTO fairlead_migrations (name, digest, release, whole, took_ms) VALUES (@name, @digest, @release, @whole, @took)
            ON CONFLICT (name) DO UPDATE SET digest = @digest, release = @release, whole = @whole, took_ms = @took, at = now()
            """,
            connection
        );
        command.Parameters.AddWithValue("name", order.Name);
        command.Parameters.AddWithValue("digest", order.Digest);
        command.Parameters.AddWithValue("release", order.Release);
        command.Parameters.AddWithValue("whole", isWhole);
        command.Parameters.AddWithValue("took", (long)took.TotalMilliseconds);
        await command.ExecuteNonQueryAsync(stop);
    }

    [GeneratedRegex(
        """^\s*create\s+(unique\s+)?index\s+concurrently\s+(if\s+not\s+exists\s+)?(?<name>("[^"]+"|\w+)(\.("[^"]+"|\w+))?)\s+on\b""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex IndexName();

    /// <summary>Which statement failed.</summary>
    private sealed class StatementFailedException(NpgsqlException cause, int line) : Exception(cause.Message, cause)
    {
        public NpgsqlException Cause => cause;

        public int Line => line;

        public bool IsLockTimeout => cause is PostgresException { SqlState: PostgresErrorCodes.LockNotAvailable };
    }
}
