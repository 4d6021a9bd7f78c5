using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using MySqlConnector;

namespace Fairlead.Drivers.Data;

/// <summary>
/// Migrates a MySQL or MariaDB. What was done is in its table <c>fairlead_migrations</c>; a named lock of the connection keeps others out. Statements that change a schema
/// end every transaction there, so of a file with several of them it is written down how far it came.
/// </summary>
public sealed class MysqlMigrator(World world) : IMigrator
{
    public async Task<IMigrationSession> OpenAsync(string url, MigrationLimits limits, CancellationToken stop)
    {
        if (!Uri.TryCreate(url, UriKind.Absolute, out var address) || address.AbsolutePath.Trim('/').Length == 0)
        {
            throw new ProblemException(MigrationProblems.WrongAddress());
        }
        var connection = new MySqlConnection(SettingsOf(address, limits));
        try
        {
            await connection.OpenAsync(stop);
            var seconds = (int)Math.Ceiling(limits.Lock.TotalSeconds);
            await MysqlMigrationSession.RunAsync(
                connection,
                $"SET SESSION time_zone = '+00:00', SESSION lock_wait_timeout = {seconds}, SESSION innodb_lock_wait_timeout = {seconds}",
                stop
            );
            await AloneAsync(connection, limits, stop);
            await MysqlMigrationSession.RunAsync(
                connection,
                """
                CREATE TABLE IF NOT EXISTS fairlead_migrations (
                  name varchar(190) PRIMARY KEY, digest char(64) NOT NULL, `release` varchar(190) NOT NULL, whole boolean NOT NULL,
                  at timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6), took_ms bigint NOT NULL DEFAULT 0, statements int NOT NULL DEFAULT 0)
                """,
                stop
            );
            return new MysqlMigrationSession(connection, await AppliedAsync(connection, stop), limits, world);
        }
        catch (MySqlException caught)
        {
            await connection.DisposeAsync();
            throw new ProblemException(MigrationProblems.Unreachable(address, 3306, caught), caught);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    private static string SettingsOf(Uri address, MigrationLimits limits)
    {
        var login = address.UserInfo.Split(':', 2);
        return new MySqlConnectionStringBuilder
        {
            Server = address.Host,
            Port = (uint)(address.Port > 0 ? address.Port : 3306),
            UserID = Uri.UnescapeDataString(login[0]),
            Password = login.Length > 1 ? Uri.UnescapeDataString(login[1]) : "",
            Database = Uri.UnescapeDataString(address.AbsolutePath.Trim('/')),
            ApplicationName = "fairlead-migration",
            // It ends a statement at the server, too.
            DefaultCommandTimeout = (uint)Math.Ceiling(limits.Statement.TotalSeconds),
            AllowUserVariables = true,
            Pooling = false,
            Keepalive = 30,
        }.ConnectionString;
    }

    // A name of at most 64 letters, for each database of the server its own.
    private static async Task AloneAsync(MySqlConnection connection, MigrationLimits limits, CancellationToken stop)
    {
        await using var command = new MySqlCommand(
            "SELECT GET_LOCK(CONCAT('fairlead-', MD5(DATABASE())), @seconds)",
            connection
        )
        {
            CommandTimeout = 0, // The server's own.
        };
        command.Parameters.AddWithValue("seconds", (int)Math.Ceiling(limits.Queue.TotalSeconds));
        if (
            Convert.ToInt32(await command.ExecuteScalarAsync(stop), System.Globalization.CultureInfo.InvariantCulture)
            != 1
        )
        {
            throw new ProblemException(MigrationProblems.Busy(limits, "show processlist"));
        }
    }

    private static async Task<IReadOnlyList<AppliedMigration>> AppliedAsync(
        MySqlConnection connection,
        CancellationToken stop
    )
    {
        var applied = new List<AppliedMigration>();
        await using var command = new MySqlCommand(
            "SELECT name, digest, at, whole FROM fairlead_migrations ORDER BY at, name",
            connection
        );
        await using var reader = await command.ExecuteReaderAsync(stop);
        while (await reader.ReadAsync(stop))
        {
            var at = new DateTimeOffset(reader.GetDateTime(2), TimeSpan.Zero);
            applied.Add(new(reader.GetString(0), reader.GetString(1), at, reader.GetBoolean(3)));
        }
        return applied;
    }
}
