using System.Formats.Tar;
using System.Globalization;
using Fairlead.Drivers.Probes;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Npgsql;
using Npgsql.Replication;
using NpgsqlTypes;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>
/// Any moment of a PostgreSQL: a copy of the whole server by <c>pg_basebackup</c>, and its write-ahead log, which it sends over a connection for replicas. Nothing is
/// set up at the server, no slot is held there: a Fairlead that is away fills nobody's disk. What it then missed and the server has no longer is a hole, which is
/// found, and ends with the next copy.
/// </summary>
public sealed class PostgresPoints(World world) : IPointsInTime
{
    private const string Package = "postgresql-client";
    private const int BufferBytes = 256 * 1024;

    public DatabaseKind Kind => DatabaseKind.Postgres;

    public async Task<(DataFacts Facts, LogPlace Log)> SaveAsync(DataPlace place, Stream into, CancellationToken stop)
    {
        var address = PostgresBackups.AddressOf(place);
        var facts = await PostgresBackups.ConnectedAsync(
            address,
            database: null,
            connection => PostgresBackups.FactsAsync(connection, stop),
            stop
        );
        // The copy begins with a checkpoint that is made after this: nothing before is needed of the log.
        var from = await IdentifiedAsync(address, stop);
        var settings = PostgresProbe.Settings(address);
        await new ToolRun([
            "pg_basebackup",
            "--pgdata=-",
            "--format=tar",
            "--wal-method=fetch",
            "--checkpoint=fast",
            "--no-password",
            "--host",
            settings.Host!,
            "--port",
            settings.Port.ToString(CultureInfo.InvariantCulture),
            "--username",
            settings.Username!,
        ])
        {
            Env = PostgresBackups.Variables(settings),
            Package = Package,
        }.RunAsync(write: null, (output, end) => output.CopyToAsync(into, end), stop);
        return (facts, from);
    }

    public Task<LogPlace> PlaceAsync(DataPlace place, CancellationToken stop) =>
        IdentifiedAsync(PostgresBackups.AddressOf(place), stop);

    public async Task FollowAsync(
        DataPlace place,
        LogPlace? from,
        Func<LogPlace, ReadOnlyMemory<byte>, CancellationToken, ValueTask> take,
        CancellationToken stop
    )
    {
        var address = PostgresBackups.AddressOf(place);
        try
        {
            await using var connection = new PhysicalReplicationConnection(Settings(address));
            await connection.Open(stop);
            var now = await PlaceAsync(connection, stop);
            if (from is not null && !from.IsOfOne(now))
            {
                throw new ProblemException(
                    LogGone(address, "It is another server, or one that began another history.")
                );
            }
            var at = from?.At ?? now.At - (now.At % await SegmentAsync(connection, stop));
            var buffer = new byte[BufferBytes];
            await foreach (
                var message in connection.StartReplication(
                    new NpgsqlLogSequenceNumber((ulong)at),
                    stop,
                    (uint)now.Timeline
                )
            )
            {
                if ((long)(ulong)message.WalStart != at)
                {
                    throw new ProblemException(LogGone(address, "What it sent does not begin where the last ended."));
                }
                int read;
                while ((read = await message.Data.ReadAsync(buffer, stop)) > 0)
                {
                    await take(now with { At = at }, buffer.AsMemory(0, read), stop);
                    at += read;
                }
                connection.SetReplicationStatus(new NpgsqlLogSequenceNumber((ulong)at));
            }
        }
        catch (PostgresException caught) when (caught.SqlState is "58P01" or "XX000")
        {
            // requested WAL segment 000000010000000000000003 has already been removed
            throw new ProblemException(LogGone(address, caught.MessageText), caught);
        }
        catch (NpgsqlException caught)
        {
            throw new ProblemException(
                caught is PostgresException { SqlState: "42501" or "28000" } refused
                    ? NotAllowed(address, refused.MessageText)
                    : BackupProblems.Unreachable(address, caught.GetBaseException().Message),
                caught
            );
        }
    }

    public async Task UnpackAsync(string folder, Stream copy, CancellationToken stop)
    {
        var data = Path.Combine(folder, "data");
        Directory.CreateDirectory(data, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            await TarFile.ExtractToDirectoryAsync(copy, data, overwriteFiles: false, stop);
        }
        catch (Exception caught) when (caught is InvalidDataException or EndOfStreamException or FormatException)
        {
            throw new ProblemException(BackupProblems.NotHeld("the copy", caught.Message), caught);
        }
        if (!File.Exists(Path.Combine(data, "backup_label")))
        {
            throw new ProblemException(
                BackupProblems.NotHeld("the copy", "It has no backup_label: it is none, or was cut off.")
            );
        }
    }

    public Task AddAsync(string folder, LogPlace from, Stream piece, CancellationToken stop) =>
        LogSegments.AddAsync(folder, from, piece, stop);

    public async Task<IRecoveredServer> RecoverAsync(
        string folder,
        DataPlace place,
        DateTimeOffset? until,
        CancellationToken stop
    ) => await RecoveredPostgres.StartAsync(folder, PostgresBackups.AddressOf(place), until, world, stop);

    private static async Task<LogPlace> IdentifiedAsync(Uri address, CancellationToken stop)
    {
        try
        {
            await using var connection = new PhysicalReplicationConnection(Settings(address));
            await connection.Open(stop);
            return await PlaceAsync(connection, stop);
        }
        catch (NpgsqlException caught)
        {
            throw new ProblemException(
                caught is PostgresException refused
                    ? NotAllowed(address, refused.MessageText)
                    : BackupProblems.Unreachable(address, caught.GetBaseException().Message),
                caught
            );
        }
    }

    private static async Task<LogPlace> PlaceAsync(PhysicalReplicationConnection connection, CancellationToken stop)
    {
        var system = await connection.IdentifySystem(stop);
        return new(system.SystemId, system.Timeline, (long)(ulong)system.XLogPos);
    }

    // 16MB
    private static async Task<long> SegmentAsync(PhysicalReplicationConnection connection, CancellationToken stop)
    {
        var said = await connection.Show("wal_segment_size", stop);
        var digits = said.TakeWhile(char.IsAsciiDigit).Count();
        var number = long.Parse(said[..digits], CultureInfo.InvariantCulture);
        return said[digits..] switch
        {
            "GB" => number << 30,
            "MB" => number << 20,
            "kB" => number << 10,
            _ => number,
        };
    }

    private static string Settings(Uri address)
    {
        var settings = PostgresProbe.Settings(address);
        return new NpgsqlConnectionStringBuilder
        {
            Host = settings.Host,
            Port = settings.Port,
            Username = settings.Username,
            Password = settings.Password,
            SslMode = settings.SslMode,
            ApplicationName = "fairlead-points",
            Timeout = 15,
        }.ConnectionString;
    }

    private static Problem LogGone(Uri address, string why) =>
        new(
            "backup.log-gone",
            What: $"The log of the PostgreSQL at {address.Host} has a hole.",
            Why: why,
            Fix: "Another whole copy is taken by itself; moments in the hole cannot be had. Let the server keep more: wal_keep_size = 1GB"
        );

    private static Problem NotAllowed(Uri address, string why) =>
        new(
            "backup.no-replication",
            What: $"The log of the PostgreSQL at {address.Host} cannot be read.",
            Why: why,
            Fix: "Let the user of the address do it (ALTER ROLE app REPLICATION), let pg_hba.conf have a line for it (host replication app ADDRESS scram-sha-256), and see that wal_level is replica and max_wal_senders is not 0."
        )
        {
            Trouble = Trouble.NotAllowed,
        };
}
