using Fairlead.Model.Problems;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Stores;

/// <summary>Opens connections to the database file, all set up alike, and says its troubles in words.</summary>
internal sealed record SqliteFile(string Path)
{
    private const int BusySeconds = 5;

    // sqlite3.h: the wal-index could not grow, which on a full disk comes before SQLITE_FULL.
    private const int IoErrorShmSize = 10 | (19 << 8);

    public SqliteConnection Connect()
    {
        var connection = new SqliteConnection(
            new SqliteConnectionStringBuilder
            {
                DataSource = Path,
                Mode = SqliteOpenMode.ReadWriteCreate,
                Pooling = false,
                ForeignKeys = true,
                DefaultTimeout = BusySeconds,
            }.ToString()
        );
        try
        {
            connection.Open();
            using var command = connection.CreateCommand();
            // FULL: in WAL mode anything less may lose acknowledged commits in a power cut.
            command.CommandText = """
                PRAGMA busy_timeout = 5000;
                PRAGMA journal_mode = WAL;
                PRAGMA synchronous = FULL;
                PRAGMA journal_size_limit = 67108864;
                PRAGMA trusted_schema = OFF;
                """;
            command.ExecuteNonQuery();
            return connection;
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Makes an empty file that only its owner may read; SQLite gives the files beside it the same mode.</summary>
    public void Create()
    {
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
        using var file = new FileStream(
            Path,
            new FileStreamOptions
            {
                Mode = FileMode.OpenOrCreate,
                Access = FileAccess.ReadWrite,
                Share = FileShare.ReadWrite,
                UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            }
        );
    }

    /// <summary>Does something with the file; what the world does to it becomes a problem, our own mistakes stay what they are.</summary>
    public T Do<T>(Func<T> work)
    {
        try
        {
            return work();
        }
        catch (SqliteException caught) when (Problem(caught) is { } problem)
        {
            throw new ProblemException(problem, caught);
        }
        catch (Exception caught) when (caught is IOException or UnauthorizedAccessException)
        {
            throw new ProblemException(CannotOpen(caught.Message), caught);
        }
    }

    /// <summary>Null when SQLite complains about our own SQL.</summary>
    internal Problem? Problem(SqliteException caught) =>
        (caught.SqliteErrorCode, caught.SqliteExtendedErrorCode) switch
        {
            (13, _) or (_, IoErrorShmSize) => new(
                "store.disk-full",
                What: $"Nothing could be written to {Path}; nothing was changed.",
                Why: $"The disk is full: {caught.Message}",
                Fix: $"Free space on the disk of {Path} (see: df -h {Path}), then ask again."
            ),
            (8, _) => new(
                "store.read-only",
                What: $"Nothing could be written to {Path}; nothing was changed.",
                Why: $"The file or its folder is read-only: {caught.Message}",
                Fix: $"Give Fairlead's user write access: chown -R $(id -u) {Folder}; or remount its disk writable."
            ),
            (14 or 3, _) => CannotOpen(caught.Message),
            (11 or 26, _) => new(
                "store.corrupt",
                What: $"{Path} is damaged.",
                Why: $"Its content is not what SQLite wrote: {caught.Message}",
                Fix: $"Stop Fairlead, keep a copy of {Folder}, and restore the newest backup of {Path}."
            ),
            (10, _) => new(
                "store.disk-failed",
                What: $"The disk refused to read or write {Path}.",
                Why: caught.Message,
                Fix: "Look at the disk's own complaints: dmesg | tail. Then start Fairlead again."
            ),
            (5 or 6, _) => new(
                "store.busy",
                What: $"{Path} is held by another program; nothing was changed.",
                Why: $"It stayed locked for {BusySeconds} seconds: {caught.Message}",
                Fix: $"See who holds it: fuser -v {Path}"
            )
            {
                Trouble = Trouble.Conflict,
            },
            _ => null,
        };

    private string Folder => System.IO.Path.GetDirectoryName(Path) ?? ".";

    private Problem CannotOpen(string why) =>
        new(
            "store.cannot-open",
            What: $"{Path} cannot be opened.",
            Why: why,
            Fix: $"Make {Folder} a folder that Fairlead's user can write to: mkdir -p {Folder} && chown $(id -u) {Folder}"
        );
}
