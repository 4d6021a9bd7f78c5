using System.Globalization;
using Fairlead.Model.Problems;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Stores;

/// <summary>The tables, and how a file of an earlier Fairlead becomes one of this. Migrations only go forward.</summary>
internal static class SqliteSchema
{
    // A migration that has shipped is never edited: files in the field remember only its number.
    private static readonly string[] Migrations =
    [
        """
            CREATE TABLE journal (
                seq         INTEGER PRIMARY KEY,
                at          TEXT NOT NULL,
                app         TEXT NOT NULL,
                environment TEXT NOT NULL,
                deployment  TEXT,
                fence       INTEGER NOT NULL,
                kind        TEXT NOT NULL,
                text        TEXT NOT NULL,
                body        TEXT,
                hash        TEXT NOT NULL
            ) STRICT;
            CREATE INDEX journal_site ON journal (app, environment, seq);
            CREATE INDEX journal_deployment ON journal (deployment, seq) WHERE deployment IS NOT NULL;
            CREATE TRIGGER journal_is_not_changed BEFORE UPDATE ON journal
                BEGIN SELECT RAISE(ABORT, 'the journal is only ever appended to'); END;
            CREATE TRIGGER journal_is_not_cut BEFORE DELETE ON journal
                BEGIN SELECT RAISE(ABORT, 'the journal is only ever appended to'); END;

            -- The newest line, so that cutting off the journal's end leaves a break too.
            CREATE TABLE head (
                id   INTEGER PRIMARY KEY CHECK (id = 1),
                seq  INTEGER NOT NULL,
                hash TEXT NOT NULL
            ) STRICT;
            INSERT INTO head (id, seq, hash) VALUES (1, 0, '0000000000000000000000000000000000000000000000000000000000000000');

            CREATE TABLE documents (
                collection TEXT NOT NULL,
                key        TEXT NOT NULL,
                version    INTEGER NOT NULL,
                body       TEXT NOT NULL,
                PRIMARY KEY (collection, key)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE lease (
                id    INTEGER PRIMARY KEY CHECK (id = 1),
                owner TEXT,
                fence INTEGER NOT NULL
            ) STRICT;
            INSERT INTO lease (id, fence) VALUES (1, 0);
            """,
        """
            -- What stands for lines that were removed. Only what it covers can be deleted.
            CREATE TABLE removals (
                last INTEGER PRIMARY KEY,
                hash TEXT NOT NULL,
                body TEXT NOT NULL
            ) STRICT;
            CREATE TRIGGER removals_are_not_changed BEFORE UPDATE ON removals
                BEGIN SELECT RAISE(ABORT, 'what was removed stays said'); END;
            CREATE TRIGGER removals_are_not_cut BEFORE DELETE ON removals
                BEGIN SELECT RAISE(ABORT, 'what was removed stays said'); END;
            DROP TRIGGER journal_is_not_cut;
            CREATE TRIGGER journal_is_not_cut BEFORE DELETE ON journal
                WHEN OLD.seq > (SELECT coalesce(max(last), 0) FROM removals)
                BEGIN SELECT RAISE(ABORT, 'the journal is only ever appended to'); END;
            """,
    ];

    /// <exception cref="ProblemException">A newer Fairlead wrote the file.</exception>
    public static void Upgrade(SqliteConnection connection)
    {
        // The write lock is taken first, so two servers that start at once do not both migrate.
        using var transaction = connection.BeginTransaction();
        var version = Version(connection, transaction);
        if (version > Migrations.Length)
        {
            throw new ProblemException(Newer(connection.DataSource, version));
        }
        for (var next = version; next < Migrations.Length; next++)
        {
            Run(connection, transaction, Migrations[next]);
            Run(
                connection,
                transaction,
                string.Create(CultureInfo.InvariantCulture, $"PRAGMA user_version = {next + 1}")
            );
        }
        transaction.Commit();
    }

    private static int Version(SqliteConnection connection, SqliteTransaction transaction)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "PRAGMA user_version";
        return Convert.ToInt32(command.ExecuteScalar(), CultureInfo.InvariantCulture);
    }

    private static void Run(SqliteConnection connection, SqliteTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
#pragma warning disable CA2100 // Texts of this file only.
        command.CommandText = sql;
#pragma warning restore CA2100
        command.ExecuteNonQuery();
    }

    private static Problem Newer(string path, int version) =>
        new(
            "store.newer",
            What: $"{path} was written by a newer Fairlead.",
            Why: string.Create(
                CultureInfo.InvariantCulture,
                $"It has schema version {version}; this Fairlead knows versions up to {Migrations.Length}."
            ),
            Fix: "Start the newer Fairlead again, or restore the backup taken before its upgrade."
        );
}
