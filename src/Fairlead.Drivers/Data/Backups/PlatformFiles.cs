using System.Formats.Tar;
using System.Globalization;
using Fairlead.Drivers.State;
using Fairlead.Model.Data;
using Fairlead.Model.Ports;
using Fairlead.Model.Problems;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Data.Backups;

/// <summary>
/// A state folder as a tar. What is not known to be of the moment is saved: a folder that a later version adds is not forgotten. The journal is a picture of one
/// moment, made first, so that whatever it names (artifacts, keys) is there when the files are read.
/// </summary>
public sealed class PlatformFiles(StateFolder state) : IPlatformFiles
{
    private const string Journal = "fairlead.db";
    private const string Addresses = "run/addresses.json";

    /// <summary>Of the moment, or made again by itself.</summary>
    private static readonly HashSet<string> Left = new(StringComparer.Ordinal)
    {
        Journal,
        Journal + "-wal",
        Journal + "-shm",
        "run",
        "logs",
        "telemetry",
        "builds",
        "uploads",
        "instances",
        "infrastructure/cache",
        "backups/cache",
        "backups/work",
        // Of servers that run: a copy of their files is no backup. They have their own.
        "databases",
    };

    public string Root => state.Root;

    public async Task<DataFacts> SaveAsync(Stream into, CancellationToken stop)
    {
        if (!File.Exists(state.Database))
        {
            throw new ProblemException(NothingHere());
        }
        var copy = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var (things, bytes) = (1L, 0L);
        try
        {
            await using (var source = Open(state.Database))
            await using (var target = Open(copy, SqliteOpenMode.ReadWriteCreate))
            {
                source.BackupDatabase(target);
            }
            File.SetUnixFileMode(copy, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            await using var writer = new TarWriter(into, TarEntryFormat.Pax, leaveOpen: true);
            await writer.WriteEntryAsync(copy, Journal, stop);
            if (File.Exists(Path.Combine(Root, Addresses)))
            {
                await writer.WriteEntryAsync(Path.Combine(Root, Addresses), Addresses, stop);
                things++;
            }
            foreach (var path in Walk(Root))
            {
                try
                {
                    await writer.WriteEntryAsync(path, Path.GetRelativePath(Root, path), stop);
                }
                catch (FileNotFoundException)
                {
                    continue; // It went meanwhile, and the journal does not need it.
                }
                things++;
                bytes += new FileInfo(path) is { Exists: true, LinkTarget: null } file ? file.Length : 0;
            }
            return new(things, bytes);
        }
        finally
        {
            File.Delete(copy);
        }
    }

    public async Task<DataFacts> TryAsync(Stream from, CancellationToken stop)
    {
        var folder = Directory.CreateTempSubdirectory("fairlead-platform-");
        try
        {
            return await UnpackAsync(from, folder.FullName, stop);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    public async Task<DataFacts> RestoreAsync(Stream from, CancellationToken stop)
    {
        if (File.Exists(state.Database) || (Directory.Exists(Root) && Directory.EnumerateFileSystemEntries(Root).Any()))
        {
            throw new ProblemException(NotEmpty());
        }
        // Beside it, so that one rename makes it: a state folder is whole or not there.
        var draft = Root.TrimEnd('/') + ".restoring";
        if (Directory.Exists(draft))
        {
            Directory.Delete(draft, recursive: true);
        }
        Directory.CreateDirectory(draft, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        try
        {
            var facts = await UnpackAsync(from, draft, stop);
            if (Directory.Exists(Root))
            {
                Directory.Delete(Root);
            }
            Directory.Move(draft, Root);
            return facts;
        }
        catch (IOException caught) when (caught is not FileNotFoundException)
        {
            throw new ProblemException(NoRoom(caught.Message), caught);
        }
        finally
        {
            if (Directory.Exists(draft))
            {
                Directory.Delete(draft, recursive: true);
            }
        }
    }

    private static async Task<DataFacts> UnpackAsync(Stream from, string folder, CancellationToken stop)
    {
        var facts = await FileBackups.UnpackAsync(from, folder, stop);
        var journal = Path.Combine(folder, Journal);
        if (!File.Exists(journal))
        {
            throw new ProblemException(BackupProblems.NotHeld("the journal", "It is not there."));
        }
        try
        {
            await using var database = Open(journal);
            await using var command = database.CreateCommand();
            command.CommandText = "PRAGMA integrity_check(1)";
            var said = Convert.ToString(await command.ExecuteScalarAsync(stop), CultureInfo.InvariantCulture);
            return said == "ok" ? facts : throw new ProblemException(BackupProblems.NotHeld("the journal", said ?? ""));
        }
        catch (SqliteException caught)
        {
            throw new ProblemException(BackupProblems.NotHeld("the journal", caught.Message), caught);
        }
    }

    private static IEnumerable<string> Walk(string root, string inside = "")
    {
        foreach (
            var path in Directory.EnumerateFileSystemEntries(Path.Combine(root, inside)).Order(StringComparer.Ordinal)
        )
        {
            var name = Path.GetRelativePath(root, path);
            var attributes = File.GetAttributes(path);
            if (Left.Contains(name) || name.EndsWith(".sock", StringComparison.Ordinal))
            {
                continue;
            }
            yield return path;
            if (attributes.HasFlag(FileAttributes.Directory) && !attributes.HasFlag(FileAttributes.ReparsePoint))
            {
                foreach (var deeper in Walk(root, name))
                {
                    yield return deeper;
                }
            }
        }
    }

    private static SqliteConnection Open(string path, SqliteOpenMode mode = SqliteOpenMode.ReadOnly)
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

    private Problem NothingHere() =>
        new(
            "platform.nothing-here",
            What: $"There is nothing to save in {Root}.",
            Why: File.Exists(Path.Combine(Root, "store"))
                ? "Its journal is in a PostgreSQL, which is saved by what saves that."
                : "No Fairlead ever ran with this state folder.",
            Fix: "Say the right one: fairlead backup platform --state FOLDER"
        )
        {
            Trouble = Trouble.NotFound,
        };

    private Problem NotEmpty() =>
        new(
            "platform.not-empty",
            What: $"Nothing was brought back into {Root}.",
            Why: "There is something in it already, and nothing is ever written over.",
            Fix: $"Move it away: mv {Root} {Root}.old; or say an empty one: --state FOLDER"
        )
        {
            Trouble = Trouble.Conflict,
        };

    private Problem NoRoom(string why) =>
        new(
            "platform.no-room",
            What: $"The platform could not be brought back into {Root}.",
            Why: why,
            Fix: "Make room there, or say a folder on a larger disk: --state FOLDER. Nothing is left of what was begun."
        );
}
