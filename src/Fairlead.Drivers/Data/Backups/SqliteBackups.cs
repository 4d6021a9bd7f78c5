using System.Globalization;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>A file of SQLite by its online backup: a picture of one moment, while others write. The stream is the file.</summary>
public sealed class SqliteBackups(string work) : IBackupDriver
{
    public DatabaseKind Kind => DatabaseKind.Sqlite;

    public async Task<DataFacts> SaveAsync(DataPlace place, Stream into, CancellationToken stop)
    {
        if (!File.Exists(place.Address))
        {
            throw new ProblemException(BackupProblems.Missing(place.Address));
        }
        Directory.CreateDirectory(work);
        var copy = Path.Combine(work, Path.GetRandomFileName());
        try
        {
            DataFacts facts;
            await using (var source = Open(place.Address, SqliteOpenMode.ReadOnly))
            await using (var target = Open(copy, SqliteOpenMode.ReadWriteCreate))
            {
                source.BackupDatabase(target);
                facts = Facts(target);
            }
            await using var file = File.OpenRead(copy);
            await file.CopyToAsync(into, stop);
            return facts;
        }
        catch (SqliteException caught)
        {
            throw new ProblemException(BackupProblems.NotHeld(place.Address, caught.Message), caught);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    public async Task<Restored> TryAsync(
        string folder,
        Stream from,
        IReadOnlyList<RestoreCheck> checks,
        DateTimeOffset at,
        CancellationToken stop
    )
    {
        var path = Path.Combine(folder, "restored.db");
        await using (var file = File.Create(path))
        {
            await from.CopyToAsync(file, stop);
        }
        try
        {
            await using var database = Open(path, SqliteOpenMode.ReadOnly);
            var looks = new List<string> { Whole(database) };
            looks.AddRange(checks.Select(check => Look(database, check)));
            return new(Facts(database), looks);
        }
        catch (SqliteException caught)
        {
            throw new ProblemException(BackupProblems.NotHeld("the file", caught.Message), caught);
        }
    }

    public async Task<string> RestoreAsync(DataPlace place, string name, Stream from, CancellationToken stop)
    {
        var target = Path.GetFullPath(name, Path.GetDirectoryName(place.Address)!);
        if (Path.Exists(target))
        {
            throw new ProblemException(BackupProblems.WrongName(name));
        }
        var draft = target + ".restoring";
        try
        {
            await using (var file = File.Create(draft))
            {
                await from.CopyToAsync(file, stop);
                file.Flush(flushToDisk: true);
            }
            await using (var database = Open(draft, SqliteOpenMode.ReadOnly))
            {
                Whole(database);
            }
            File.Move(draft, target);
            return target;
        }
        catch (SqliteException caught)
        {
            throw new ProblemException(BackupProblems.NotHeld("the file", caught.Message), caught);
        }
        finally
        {
            File.Delete(draft);
        }
    }

    private static string Whole(SqliteConnection database)
    {
        var said = Convert.ToString(Ask(database, "PRAGMA integrity_check(1)"), CultureInfo.InvariantCulture);
        return said == "ok"
            ? "SQLite's integrity check says ok"
            : throw new ProblemException(BackupProblems.NotHeld("the file", said ?? ""));
    }

    private static string Look(SqliteConnection database, RestoreCheck check)
    {
        var rows = Convert.ToInt64(
            Ask(database, $"SELECT count(*) FROM {Quoted(check.Table)}"),
            CultureInfo.InvariantCulture
        );
        return rows >= check.RowsMin && rows <= (check.RowsMax ?? long.MaxValue)
            ? string.Create(CultureInfo.InvariantCulture, $"{check.Table} has {rows} rows")
            : throw new ProblemException(BackupProblems.WrongRows(check, rows));
    }

    // A file holds as many pages as it has; that is its size without reading it.
    private static DataFacts Facts(SqliteConnection database) =>
        new(
            Convert.ToInt64(
                Ask(database, "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"),
                CultureInfo.InvariantCulture
            ),
            Convert.ToInt64(Ask(database, "PRAGMA page_count"), CultureInfo.InvariantCulture)
        );

    private static object? Ask(SqliteConnection database, string sql)
    {
        using var command = database.CreateCommand();
#pragma warning disable CA2100 // Ours, with a quoted name.
        command.CommandText = sql;
#pragma warning restore CA2100
        return command.ExecuteScalar();
    }

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    private static SqliteConnection Open(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = path,
                Mode = mode,
                Pooling = false,
            }.ConnectionString
        );
        connection.Open();
        return connection;
    }
}
