using Fairlead.Drivers.Probes;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Npgsql;

namespace Fairlead.Drivers.Data;

/// <summary>
/// Migrates a PostgreSQL. What was done is in its table <c>fairlead_migrations</c>, written in the transaction of the migration itself, so the
/// two never part. An advisory lock of the session keeps others out; it ends with the connection, whatever kills this program.
/// </summary>
public sealed class PostgresMigrator(World world) : IMigrator
{
    // Any number; the same for all who ever migrate by Fairlead.
    private const long AdvisoryKey = 0x6661_6972_6c65_6164;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(200);

    public async Task<IMigrationSession> OpenAsync(string url, MigrationLimits limits, CancellationToken stop)
    {
        var connection = await ConnectAsync(url, limits, stop);
        try
        {
            await AloneAsync(connection, limits, stop);
            await PostgresCalls.RunAsync(
                connection,
                """
                CREATE TABLE IF NOT EXISTS fairlead_migrations (
                  name text PRIMARY KEY, digest text NOT NULL, release text NOT NULL, whole boolean NOT NULL,
                  at timestamptz NOT NULL DEFAULT now(), took_ms bigint NOT NULL DEFAULT 0)
                """,
                stop
            );
            return new PostgresMigrationSession(connection, await AppliedAsync(connection, stop), limits, world);
        }
        catch (NpgsqlException caught)
        {
            await connection.DisposeAsync();
            throw new ProblemException(
                MigrationProblems.Of(caught, "the list of what was done", line: 1, limits),
                caught
            );
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static async Task<NpgsqlConnection> ConnectAsync(string url, MigrationLimits limits, CancellationToken stop)
    {
        if (
            !Uri.TryCreate(url, UriKind.Absolute, out var address) || address.Scheme is not ("postgres" or "postgresql")
        )
        {
            throw new ProblemException(MigrationProblems.WrongAddress());
        }
        var settings = PostgresProbe.Settings(address);
        // A folder with a Unix socket, as libpq has it.
        settings.Host = System.Web.HttpUtility.ParseQueryString(address.Query)["host"] ?? settings.Host;
        settings.Options =
            $"-c lock_timeout={(long)limits.Lock.TotalMilliseconds} -c statement_timeout={(long)limits.Statement.TotalMilliseconds}";
        settings.ApplicationName = "fairlead-migration";
        // The server's own limits end statements, and say which one it was.
        settings.CommandTimeout = 0;
        settings.Pooling = false;
        settings.KeepAlive = 30;
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(stop);
            return connection;
        }
        catch (NpgsqlException caught)
        {
            await connection.DisposeAsync();
            throw new ProblemException(MigrationProblems.Unreachable(address, 5432, caught), caught);
        }
    }

    private async Task AloneAsync(NpgsqlConnection connection, MigrationLimits limits, CancellationToken stop)
    {
        var until = world.Now + limits.Queue;
        while (!await PostgresCalls.AskAsync<bool>(connection, $"SELECT pg_try_advisory_lock({AdvisoryKey})", stop))
        {
            if (world.Now >= until)
            {
                throw new ProblemException(
                    MigrationProblems.Busy(
                        limits,
                        "select * from pg_stat_activity where application_name = 'fairlead-migration'"
                    )
                );
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    private static async Task<IReadOnlyList<AppliedMigration>> AppliedAsync(
        NpgsqlConnection connection,
        CancellationToken stop
    )
    {
        var applied = new List<AppliedMigration>();
        await using var command = new NpgsqlCommand(
            "SELECT name, digest, at, whole FROM fairlead_migrations ORDER BY at, name",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            applied.Add(
                new(
                    reader.GetString(0),
                    reader.GetString(1),
                    await reader.GetFieldValueAsync<DateTimeOffset>(2, stop),
                    reader.GetBoolean(3)
                )
            );
        }
        return applied;
    }
}
