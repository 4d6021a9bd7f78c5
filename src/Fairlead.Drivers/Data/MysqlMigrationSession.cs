using System.Globalization;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using MySqlConnector;

namespace Fairlead.Drivers.Data;

/// <summary>One connection that holds the lock of those who migrate a MySQL.</summary>
internal sealed class MysqlMigrationSession(
    MySqlConnection connection,
    IReadOnlyList<AppliedMigration> applied,
    MigrationLimits limits,
    World world
) : IMigrationSession
{
    // Only these leave a transaction as it is. What is not here is done by itself, which is right for all.
    private static readonly string[] Harmless = ["insert", "update", "delete", "replace", "select", "with"];

    private static readonly TimeSpan RetryPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan RetryPauseMax = TimeSpan.FromSeconds(15);

    private int retries;

    public DatabaseKind Kind => DatabaseKind.Mysql;

    public IReadOnlyList<AppliedMigration> Applied => applied;

    public async Task<MigrationResult> RunAsync(MigrationOrder order, Action<string> say, CancellationToken stop)
    {
        if (applied.FirstOrDefault(one => one.Name == order.Name) is { IsWhole: false })
        {
            throw new ProblemException(MigrationProblems.Dirty(order, await StatementsAsync(order, stop)));
        }
        retries = 0;
        var began = world.Clock.GetTimestamp();
        var rows =
            order.IsBatch ? await BatchAsync(order, say, stop)
            : order.RunsAlone || !order.Statements.All(IsHarmless) ? await OneByOneAsync(order, say, stop)
            : await TogetherAsync(order, say, stop);
        return new(world.Clock.GetElapsedTime(began), [], rows, retries);
    }

    public async ValueTask DisposeAsync() => await connection.DisposeAsync();

    internal static async Task<int> RunAsync(MySqlConnection connection, string sql, CancellationToken stop)
    {
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync(stop);
    }

    private static bool IsHarmless(MigrationStatement statement) =>
        Harmless.Any(word => statement.Text.StartsWith(word, StringComparison.OrdinalIgnoreCase));

    private Task<long> TogetherAsync(MigrationOrder order, Action<string> say, CancellationToken stop) =>
        AgainAsync(
            order,
            say,
            async () =>
            {
                var began = world.Clock.GetTimestamp();
                await using var transaction = await connection.BeginTransactionAsync(stop);
                long rows = 0;
                foreach (var statement in order.Statements)
                {
                    rows += await DoAsync(statement, transaction, stop);
                }
                await RememberAsync(order, (true, order.Statements.Count), began, transaction, stop);
                await transaction.CommitAsync(stop);
                return rows;
            },
            wasUndone: true,
            stop
        );

    // Each statement is whole or not there, and stays: so it is written down before and after each.
    private async Task<long> OneByOneAsync(MigrationOrder order, Action<string> say, CancellationToken stop)
    {
        var began = world.Clock.GetTimestamp();
        await RememberAsync(order, (false, 0), began, transaction: null, stop);
        long rows = 0;
        for (var done = 0; done < order.Statements.Count; done++)
        {
            var statement = order.Statements[done];
            try
            {
                rows += await AgainAsync(order, say, () => DoAsync(statement, null, stop), wasUndone: done == 0, stop);
            }
            catch (ProblemException caught) when (done == 0 && caught.Problem.Trouble is not Trouble.Unreachable)
            {
                await ForgetAsync(order, stop); // The server refused the first one: nothing of the file is there.
                throw;
            }
            catch (ProblemException caught)
            {
                throw new ProblemException([caught.Problem, MigrationProblems.Dirty(order, done)], caught);
            }
            await RememberAsync(order, (done + 1 == order.Statements.Count, done + 1), began, transaction: null, stop);
        }
        return rows;
    }

    private async Task<long> BatchAsync(MigrationOrder order, Action<string> say, CancellationToken stop)
    {
        var began = world.Clock.GetTimestamp();
        long rows = 0;
        foreach (var statement in order.Statements)
        {
            while (true)
            {
                var at = world.Clock.GetTimestamp();
                var changed = await AgainAsync(order, say, () => DoAsync(statement, null, stop), wasUndone: true, stop);
                if (changed <= 0)
                {
                    break;
                }
                rows += changed;
                var took = world.Clock.GetElapsedTime(at);
                say(string.Create(CultureInfo.InvariantCulture, $"{order.Name}: {rows} rows"));
                await Task.Delay(took > order.BatchPause ? took : order.BatchPause, world.Clock, stop);
            }
        }
        await RememberAsync(order, (true, order.Statements.Count), began, transaction: null, stop);
        return rows;
    }

    // Whoever waited behind it gets through in the pauses.
    private async Task<long> AgainAsync(
        MigrationOrder order,
        Action<string> say,
        Func<Task<long>> act,
        bool wasUndone,
        CancellationToken stop
    )
    {
        var pause = RetryPause;
        for (var tried = 0; ; tried++)
        {
            try
            {
                return await act();
            }
            catch (StatementFailedException caught) when (caught.IsLockTimeout && tried < limits.LockRetries)
            {
                say($"{order.Name}: no lock in line {caught.Line}; it is tried again in {pause.TotalSeconds:0.#} s");
                retries++;
                await Task.Delay(pause, world.Clock, stop);
                pause = pause * 2 < RetryPauseMax ? pause * 2 : RetryPauseMax;
            }
            catch (StatementFailedException caught)
            {
                throw new ProblemException(ProblemOf(caught, order, wasUndone), caught);
            }
        }
    }

    private Problem ProblemOf(StatementFailedException caught, MigrationOrder order, bool wasUndone) =>
        caught.Cause.ErrorCode switch
        {
            MySqlErrorCode.LockWaitTimeout or MySqlErrorCode.LockDeadlock => MigrationProblems.NoLock(
                (order.Name, caught.Line),
                limits,
                "show processlist"
            ),
            MySqlErrorCode.CommandTimeoutExpired or MySqlErrorCode.QueryInterrupted => MigrationProblems.TooLong(
                (order.Name, caught.Line),
                limits
            ),
            MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.None => MigrationProblems.Lost(
                (order.Name, caught.Line),
                caught.Cause
            ),
            _ when connection.State != System.Data.ConnectionState.Open => MigrationProblems.Lost(
                (order.Name, caught.Line),
                caught.Cause
            ),
            _ => MigrationProblems.Failed((order.Name, caught.Line), $"MySQL says: {caught.Cause.Message}", wasUndone),
        };

    private async Task<long> DoAsync(
        MigrationStatement statement,
        MySqlTransaction? transaction,
        CancellationToken stop
    )
    {
        try
        {
            await using var command = new MySqlCommand(statement.Text, connection, transaction);
            return Math.Max(0, await command.ExecuteNonQueryAsync(stop));
        }
        catch (MySqlException caught)
        {
            throw new StatementFailedException(caught, statement.Line);
        }
    }

    private async Task RememberAsync(
        MigrationOrder order,
        (bool IsWhole, int Statements) done,
        long began,
        MySqlTransaction? transaction,
        CancellationToken stop
    )
    {
        await using var command = new MySqlCommand(
            """
            INSERT INTO fairlead_migrations (name, digest, `release`, whole, took_ms, statements) VALUES (@name, @digest, @release, @whole, @took, @statements)
            ON DUPLICATE KEY UPDATE digest = @digest, `release` = @release, whole = @whole, took_ms = @took, statements = @statements, at = CURRENT_TIMESTAMP(6)
            """,
            connection,
            transaction
        );
        command.Parameters.AddWithValue("name", order.Name);
        command.Parameters.AddWithValue("digest", order.Digest);
        command.Parameters.AddWithValue("release", order.Release);
        command.Parameters.AddWithValue("whole", done.IsWhole);
        command.Parameters.AddWithValue("took", (long)world.Clock.GetElapsedTime(began).TotalMilliseconds);
        command.Parameters.AddWithValue("statements", done.Statements);
        try
        {
            await command.ExecuteNonQueryAsync(stop);
        }
        catch (MySqlException caught)
        {
            throw new ProblemException(MigrationProblems.Lost((order.Name, 1), caught), caught);
        }
    }

    private async Task ForgetAsync(MigrationOrder order, CancellationToken stop)
    {
        await using var command = new MySqlCommand("DELETE FROM fairlead_migrations WHERE name = @name", connection);
        command.Parameters.AddWithValue("name", order.Name);
        await command.ExecuteNonQueryAsync(stop);
    }

    private async Task<int> StatementsAsync(MigrationOrder order, CancellationToken stop)
    {
        await using var command = new MySqlCommand(
            "SELECT statements FROM fairlead_migrations WHERE name = @name",
            connection
        );
        command.Parameters.AddWithValue("name", order.Name);
        return Convert.ToInt32(await command.ExecuteScalarAsync(stop), CultureInfo.InvariantCulture);
    }

    /// <summary>Which statement failed.</summary>
    private sealed class StatementFailedException(MySqlException cause, int line) : Exception(cause.Message, cause)
    {
        public MySqlException Cause => cause;

        public int Line => line;

        public bool IsLockTimeout => cause.ErrorCode is MySqlErrorCode.LockWaitTimeout or MySqlErrorCode.LockDeadlock;
    }
}
