using System.Globalization;
using Fairlead.Drivers.Probes;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Npgsql;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>
/// PostgreSQL by <c>pg_dump</c> and <c>pg_restore</c>, in the custom format without compression, since the repository compresses and keeps equal pieces once. A
/// backup is tried on a server of its own, made for it on this machine, so production neither pays for it nor can be harmed by it.
/// </summary>
public sealed class PostgresBackups(World world) : IBackupDriver, IBackupCopies
{
    private const string Package = "postgresql-client";

    // src/bin/pg_dump/pg_backup_archiver.c, WriteHead
    private static readonly byte[] Magic = "PGDMP"u8.ToArray();

    public DatabaseKind Kind => DatabaseKind.Postgres;

    public async Task<DataFacts> SaveAsync(DataPlace place, Stream into, CancellationToken stop)
    {
        var address = AddressOf(place);
        var facts = await ConnectedAsync(address, database: null, connection => FactsAsync(connection, stop), stop);
        await Tool("pg_dump", address, ["--format=custom", "--compress=0", "--no-password"])
            .RunAsync(write: null, (output, end) => output.CopyToAsync(into, end), stop);
        return facts;
    }

    public async Task<Restored> TryAsync(
        string folder,
        Stream from,
        IReadOnlyList<RestoreCheck> checks,
        DateTimeOffset at,
        CancellationToken stop
    )
    {
        await using var scratch = await FilledAsync(folder, from, stop);
        await using var connection = new NpgsqlConnection(scratch.ConnectionString("scratch"));
        await connection.OpenAsync(stop);
        return await LookAsync(connection, checks, at, stop);
    }

    /// <summary>Looks at a database that was brought back, as its owner.</summary>
    internal static async Task<Restored> LookAsync(
        NpgsqlConnection connection,
        IReadOnlyList<RestoreCheck> checks,
        DateTimeOffset at,
        CancellationToken stop
    )
    {
        await PostgresCalls.RunAsync(connection, "ANALYZE", stop);
        var facts = await FactsAsync(connection, stop);
        List<string> looks = [await AmcheckAsync(connection, stop)];
        foreach (var check in checks)
        {
            looks.Add(await LookAsync(connection, check, at, stop));
        }
        return new(facts, looks);
    }

    public async Task<T> OnCopyAsync<T>(
        string folder,
        Stream from,
        Func<string, CancellationToken, Task<T>> act,
        CancellationToken stop
    )
    {
        await using var scratch = await FilledAsync(folder, from, stop);
        return await act(scratch.Address("scratch"), stop);
    }

    public async Task<string> RestoreAsync(DataPlace place, string name, Stream from, CancellationToken stop)
    {
        var address = AddressOf(place);
        if (!IsPlain(name))
        {
            throw new ProblemException(BackupProblems.WrongName(name));
        }
        await AsAdminAsync(address, $"CREATE DATABASE \"{name}\"", stop);
        var next = new UriBuilder(address) { Path = name }.Uri;
        try
        {
            await Tool(
                    "pg_restore",
                    next,
                    ["--exit-on-error", "--no-owner", "--no-privileges", "--no-password", "--dbname", name]
                )
                .RunAsync((input, end) => from.CopyToAsync(input, end), read: null, stop);
            return next.AbsoluteUri;
        }
        catch
        {
            // Half a database must not be taken for one.
            await AsAdminAsync(address, $"DROP DATABASE IF EXISTS \"{name}\"", CancellationToken.None);
            throw;
        }
    }

    private async Task<ScratchPostgres> FilledAsync(string folder, Stream from, CancellationToken stop)
    {
        // Before a server is made for it: most of what is broken is broken here.
        var head = new byte[Magic.Length];
        var read = await from.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, stop);
        if (read < head.Length || !Magic.SequenceEqual(head))
        {
            throw new ProblemException(BackupProblems.NotHeld("the dump", "It does not begin as pg_dump's dumps do."));
        }
        var scratch = await ScratchPostgres.StartAsync(folder, world, stop);
        try
        {
            await RestoreWord(scratch.Words, "scratch")
                .RunAsync(
                    async (input, end) =>
                    {
                        await input.WriteAsync(head, end);
                        await from.CopyToAsync(input, end);
                    },
                    read: null,
                    stop
                );
            return scratch;
        }
        catch
        {
            await scratch.DisposeAsync();
            throw;
        }
    }

    // A server that was made anew has none of the databases that are to come back to it.
    private static async Task AsAdminAsync(Uri address, string sql, CancellationToken stop)
    {
        try
        {
            await ConnectedAsync(
                address,
                database: null,
                connection => PostgresCalls.RunAsync(connection, sql, stop),
                stop
            );
        }
        catch (ProblemException caught)
            when (caught.InnerException is PostgresException { SqlState: PostgresErrorCodes.InvalidCatalogName })
        {
            await ConnectedAsync(
                address,
                "postgres",
                connection => PostgresCalls.RunAsync(connection, sql, stop),
                stop
            );
        }
    }

    internal static async Task<T> ConnectedAsync<T>(
        Uri address,
        string? database,
        Func<NpgsqlConnection, Task<T>> ask,
        CancellationToken stop
    )
    {
        try
        {
            var settings = PostgresProbe.Settings(address);
            settings.Database = database ?? settings.Database;
            settings.Pooling = false;
            await using var connection = new NpgsqlConnection(settings.ConnectionString);
            await connection.OpenAsync(stop);
            return await ask(connection);
        }
        catch (NpgsqlException caught)
        {
            throw new ProblemException(BackupProblems.Unreachable(address, caught.GetBaseException().Message), caught);
        }
    }

    // What the server believes to have; counting would read all of it.
    internal static async Task<DataFacts> FactsAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        const string Which =
            "FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind IN ('r', 'p') AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\\_t%'";
        return new(
            await PostgresCalls.AskAsync<long>(connection, $"SELECT count(*) {Which}", stop),
            await PostgresCalls.AskAsync<long>(
                connection,
                $"SELECT coalesce(sum(greatest(reltuples, 0)), 0)::bigint {Which} AND c.relkind = 'r'",
                stop
            )
        );
    }

    // Every index is walked and every row of a table found in it, where the extension is there.
    private static async Task<string> AmcheckAsync(NpgsqlConnection connection, CancellationToken stop)
    {
        try
        {
            await PostgresCalls.RunAsync(connection, "CREATE EXTENSION IF NOT EXISTS amcheck", stop);
        }
        catch (PostgresException)
        {
            return "indexes were not checked: the extension amcheck is not on this machine";
        }
        try
        {
            var count = await PostgresCalls.AskAsync<long>(
                connection,
                """
                SELECT count(*) FROM (SELECT bt_index_check(c.oid::regclass, true) FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid
                  JOIN pg_am a ON a.oid = c.relam JOIN pg_namespace n ON n.oid = c.relnamespace
                WHERE a.amname = 'btree' AND n.nspname NOT IN ('pg_catalog', 'pg_toast') AND i.indisvalid AND c.relkind = 'i') checked
                """,
                stop
            );
            return string.Create(CultureInfo.InvariantCulture, $"amcheck found {count} indexes whole");
        }
        catch (PostgresException caught)
        {
            throw new ProblemException(BackupProblems.NotHeld("amcheck", caught.MessageText), caught);
        }
    }

    private static async Task<string> LookAsync(
        NpgsqlConnection connection,
        RestoreCheck check,
        DateTimeOffset at,
        CancellationToken stop
    )
    {
        var table = Quoted(check.Table);
        try
        {
            var rows = await PostgresCalls.AskAsync<long>(connection, $"SELECT count(*) FROM {table}", stop);
            if (rows < check.RowsMin || rows > (check.RowsMax ?? long.MaxValue))
            {
                throw new ProblemException(BackupProblems.WrongRows(check, rows));
            }
            var told = string.Create(CultureInfo.InvariantCulture, $"{check.Table} has {rows} rows");
            if (check.Newest is not { } column)
            {
                return told;
            }
            var newest = await PostgresCalls.AskAsync<object>(
                connection,
                $"SELECT max({Quoted(column)})::timestamptz FROM {table}",
                stop
            );
            if (newest is not DateTime time || (check.Within is { } within && at - new DateTimeOffset(time) > within))
            {
                throw new ProblemException(BackupProblems.TooOld(check, newest as DateTime?, at));
            }
            return string.Create(CultureInfo.InvariantCulture, $"{told}, the newest of {time:u}");
        }
        catch (PostgresException caught)
        {
            throw new ProblemException(BackupProblems.NotHeld(check.Table, caught.MessageText), caught);
        }
    }

    private static string Quoted(string name) =>
        string.Join(
            '.',
            name.Split('.').Select(static part => $"\"{part.Replace("\"", "\"\"", StringComparison.Ordinal)}\"")
        );

    // A name for the restored one is made of these, so that no quoting is ever in question.
    private static bool IsPlain(string name) =>
        name.Length is > 0 and <= 63
        && name.All(static letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '_');

    internal static Uri AddressOf(DataPlace place) =>
        Uri.TryCreate(place.Address, UriKind.Absolute, out var address) && address.Scheme is "postgres" or "postgresql"
            ? address
            : throw new ProblemException(
                BackupProblems.WrongAddress(place.Name, "postgres://user:password@host:5432/database")
            );

    private static ToolRun Tool(string program, Uri address, IReadOnlyList<string> words)
    {
        var settings = PostgresProbe.Settings(address);
        return new([
            program,
            .. words,
            "--host",
            settings.Host!,
            "--port",
            settings.Port.ToString(CultureInfo.InvariantCulture),
            "--username",
            settings.Username!,
            .. program == "pg_dump" ? ["--dbname", settings.Database ?? settings.Username!] : Array.Empty<string>(),
        ])
        {
            Env = Variables(settings),
            Package = Package,
        };
    }

    /// <summary>What tools of PostgreSQL find in their environment, where no other user sees it.</summary>
    internal static IReadOnlyDictionary<string, string> Variables(NpgsqlConnectionStringBuilder settings) =>
        new Dictionary<string, string> { ["PGPASSWORD"] = settings.Password ?? "", ["PGCONNECT_TIMEOUT"] = "15" };

    private static ToolRun RestoreWord(IReadOnlyList<string> place, string database) =>
        new([
            "pg_restore",
            "--exit-on-error",
            "--no-owner",
            "--no-privileges",
            "--no-password",
            .. place,
            "--dbname",
            database,
        ])
        {
            Package = Package,
        };
}
