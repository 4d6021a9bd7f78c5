using Fairlead.Drivers.Probes;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Npgsql;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>A PostgreSQL of its own on a copy that was brought back: on a socket in its folder, with settings of ours and none of those that it had.</summary>
internal sealed class RecoveredPostgres : IRecoveredServer
{
    private const string User = "postgres";

    // Reading a log is as slow as writing it was: what takes longer than the longest restore is stuck.
    private static readonly TimeSpan RecoverMax = TimeSpan.FromHours(6);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(100);

    private readonly ServerProcess server;
    private readonly string folder;
    private readonly string database;
    private readonly World world;

    private RecoveredPostgres(ServerProcess server, string folder, string database, World world) =>
        (this.server, this.folder, this.database, this.world) = (server, folder, database, world);

    public LogPlace Log { get; private set; } = new("", 0, 0);

    public string Address =>
        $"postgres://{Owner}@localhost/{Uri.EscapeDataString(database)}?host={Uri.EscapeDataString(folder)}";

    private string Owner { get; set; } = User;

    public static async Task<RecoveredPostgres> StartAsync(
        string folder,
        Uri address,
        DateTimeOffset? until,
        World world,
        CancellationToken stop
    )
    {
        var programs = PostgresPrograms.Demand(
            (await File.ReadAllTextAsync(Path.Combine(folder, "data", "PG_VERSION"), stop)).Trim()
        );
        var settings = PostgresProbe.Settings(address);
        while (true)
        {
            await PrepareAsync(folder, until, stop);
            var process = ServerProcess.Start([
                .. PostgresPrograms.As(User),
                Path.Combine(programs, "postgres"),
                "-D",
                Path.Combine(folder, "data"),
                $"--config-file={Path.Combine(folder, "recovery.conf")}",
            ]);
            var recovered = new RecoveredPostgres(process, folder, settings.Database!, world);
            try
            {
                if (await recovered.IsReadyAsync(settings.Username!, until is not null, stop))
                {
                    return recovered;
                }
            }
            catch
            {
                await recovered.DisposeAsync();
                throw;
            }
            // Nothing was done after the moment, so it cannot be seen to have come: all there is, is what was there then.
            await recovered.DisposeAsync();
            until = null;
        }
    }

    public async Task<Restored> LookAsync(IReadOnlyList<RestoreCheck> checks, DateTimeOffset at, CancellationToken stop)
    {
        await using var connection = new NpgsqlConnection(ConnectionString(Owner, database));
        await connection.OpenAsync(stop);
        return await PostgresBackups.LookAsync(connection, checks, at, stop);
    }

    public async Task<string> CopyAsync(DataPlace place, string name, CancellationToken stop)
    {
        var dump = new ToolRun([
            "pg_dump",
            "--format=custom",
            "--compress=0",
            "--no-password",
            "--host",
            folder,
            "--username",
            Owner,
            "--dbname",
            database,
        ])
        {
            Package = "postgresql-client",
        };
        var address = "";
        await dump.RunAsync(
            write: null,
            async (output, end) => address = await new PostgresBackups(world).RestoreAsync(place, name, output, end),
            stop
        );
        return address;
    }

    public ValueTask DisposeAsync() => server.DisposeAsync();

    private string ConnectionString(string user, string to) =>
        new NpgsqlConnectionStringBuilder
        {
            Host = folder,
            Username = user,
            Database = to,
            Pooling = false,
            CommandTimeout = 0,
        }.ConnectionString;

    // Settings that the copy has are of another machine, and some of them would act on it: an archive, a primary, a port.
    private static async Task PrepareAsync(string folder, DateTimeOffset? until, CancellationToken stop)
    {
        var data = Path.Combine(folder, "data");
        var wal = Path.Combine(folder, "wal");
        Directory.CreateDirectory(wal);
        await File.WriteAllTextAsync(Path.Combine(data, "postgresql.auto.conf"), "", stop);
        File.Delete(Path.Combine(data, "standby.signal"));
        await File.WriteAllTextAsync(Path.Combine(data, "recovery.signal"), "", stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "hba"), "local all all trust\n", stop);
        await File.WriteAllTextAsync(Path.Combine(folder, "ident"), "", stop);
        string[] lines =
        [
            "listen_addresses = ''",
            $"unix_socket_directories = '{folder}'",
            $"hba_file = '{Path.Combine(folder, "hba")}'",
            $"ident_file = '{Path.Combine(folder, "ident")}'",
            $"restore_command = 'cp \"{wal}/%f\" \"%p\"'",
            "recovery_target_action = 'promote'",
            .. until is { } moment
                ? [$"recovery_target_time = '{moment.UtcDateTime:yyyy-MM-dd HH:mm:ss.ffffff}+00'"]
                : Array.Empty<string>(),
            // Nobody asks it before it is done, so it needs no settings as large as its primary's.
            "hot_standby = off",
            "fsync = off",
            "full_page_writes = off",
            "autovacuum = off",
            "max_wal_size = '4GB'",
        ];
        await File.WriteAllLinesAsync(Path.Combine(folder, "recovery.conf"), lines, stop);
        if (Environment.IsPrivilegedProcess)
        {
            await new ToolRun(["chown", "-R", User, folder]).RunAsync(write: null, read: null, stop);
        }
    }

    /// <returns>False where its log ends before the moment.</returns>
    private async Task<bool> IsReadyAsync(string user, bool hasMoment, CancellationToken stop)
    {
        var limit = world.Now + RecoverMax;
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(ConnectionString(user, database));
                await connection.OpenAsync(stop);
                if (await PostgresCalls.AskAsync<bool>(connection, "SELECT NOT pg_is_in_recovery()", stop))
                {
                    await SeenAsync(connection, stop);
                    return true;
                }
            }
            catch (NpgsqlException caught)
            {
                if (server.HasEnded || world.Now > limit)
                {
                    var said = await server.LastAsync(stop);
                    if (
                        hasMoment
                        && said.Any(static line =>
                            line.Contains("recovery ended before configured", StringComparison.Ordinal)
                        )
                    )
                    {
                        return false;
                    }
                    var why = said is [.., var last] ? last : caught.GetBaseException().Message;
                    throw new ProblemException(BackupProblems.NoStart(why) with { Evidence = said }, caught);
                }
            }
            await Task.Delay(Look, world.Clock, stop);
        }
    }

    private async Task SeenAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        Owner = await PostgresCalls.AskAsync<string>(
            connection,
            "SELECT rolname::text FROM pg_roles WHERE rolsuper AND rolcanlogin ORDER BY oid LIMIT 1",
            stop
        );
        // Its own history begins where it stopped reading.
        var said = await PostgresCalls.AskAsync<string>(
            connection,
            """
            SELECT s.system_identifier || ':' || c.timeline_id || ':' || coalesce(pg_last_wal_replay_lsn(), '0/0'::pg_lsn)
            FROM pg_control_system() s, pg_control_checkpoint() c
            """,
            stop
        );
        Log =
            LogPlace.TryParse(said)
            ?? throw new ProblemException(BackupProblems.NotHeld("the log", $"Nobody knows where it ends: {said}."));
    }
}
