using System.Globalization;
using Fairlead.Model.Problems;
using Npgsql;

namespace Fairlead.Drivers.Stores;

/// <summary>The tables, in a schema of their own, and how those of an earlier Fairlead become those of this. Migrations only go forward.</summary>
internal static class PostgresSchema
{
    // 13 has pg_xact_status, by which we learn whether a commit was done whose answer was lost.
    private const int OldestServer = 13;

    // Any number, but always the same.
    private const long MigrationLock = 0x6661_6972_6c65_6164;

    // A migration that has shipped is never edited. While one server migrates another may lead: what the version before reads must stay.
    private static readonly string[] Migrations =
    [
        """
            CREATE TABLE fairlead.journal (
                seq         bigint PRIMARY KEY,
                at          text NOT NULL,
                app         text COLLATE "C" NOT NULL,
                environment text COLLATE "C" NOT NULL,
                deployment  text COLLATE "C",
                fence       bigint NOT NULL,
                kind        text NOT NULL,
                text        text NOT NULL,
                body        text,
                hash        text NOT NULL
            );
            CREATE INDEX journal_site ON fairlead.journal (app, environment, seq);
            CREATE INDEX journal_deployment ON fairlead.journal (deployment, seq) WHERE deployment IS NOT NULL;

            -- The newest line, so that cutting off the journal's end leaves a break too.
            CREATE TABLE fairlead.head (id integer PRIMARY KEY CHECK (id = 1), seq bigint NOT NULL, hash text NOT NULL);
            INSERT INTO fairlead.head VALUES (1, 0, repeat('0', 64));

            -- What stands for lines that were removed. Only what it covers can be deleted.
            CREATE TABLE fairlead.removals (last bigint PRIMARY KEY, hash text NOT NULL, body text NOT NULL);

            CREATE TABLE fairlead.documents (
                collection text COLLATE "C" NOT NULL,
                key        text COLLATE "C" NOT NULL,
                version    integer NOT NULL,
                body       text NOT NULL,
                PRIMARY KEY (collection, key)
            );

            -- Who is in charge, and until when if it says nothing more. Who sits in the same seat succeeds at once.
            CREATE TABLE fairlead.lease (
                id     integer PRIMARY KEY CHECK (id = 1),
                fence  bigint NOT NULL,
                owner  text,
                seat   text,
                until  timestamptz
            );
            INSERT INTO fairlead.lease (id, fence) VALUES (1, 0);

            CREATE FUNCTION fairlead.keep() RETURNS trigger LANGUAGE plpgsql AS $$
            BEGIN
                IF TG_OP = 'DELETE' AND TG_TABLE_NAME = 'journal'
                    AND OLD.seq <= (SELECT coalesce(max(last), 0) FROM fairlead.removals) THEN
                    RETURN OLD;
                END IF;
                RAISE EXCEPTION '%', CASE TG_TABLE_NAME WHEN 'journal' THEN 'the journal is only ever appended to'
                    ELSE 'what was removed stays said' END;
            END $$;
            CREATE TRIGGER journal_is_kept BEFORE UPDATE OR DELETE ON fairlead.journal
                FOR EACH ROW EXECUTE FUNCTION fairlead.keep();
            CREATE TRIGGER journal_is_not_emptied BEFORE TRUNCATE ON fairlead.journal
                FOR EACH STATEMENT EXECUTE FUNCTION fairlead.keep();
            CREATE TRIGGER removals_are_kept BEFORE UPDATE OR DELETE ON fairlead.removals
                FOR EACH ROW EXECUTE FUNCTION fairlead.keep();
            CREATE TRIGGER removals_are_not_emptied BEFORE TRUNCATE ON fairlead.removals
                FOR EACH STATEMENT EXECUTE FUNCTION fairlead.keep();
            """,
    ];

    /// <summary>Checks that it can be the store, and makes or upgrades its tables.</summary>
    /// <exception cref="ProblemException">It cannot be the store, or a newer Fairlead made them.</exception>
    public static async Task UpgradeAsync(NpgsqlConnection connection, PostgresAddress address, CancellationToken stop)
    {
        var version = await LookAsync(connection, address, stop);
        if (version > Migrations.Length)
        {
            throw new ProblemException(PostgresProblems.Newer(address, version, Migrations.Length));
        }
        if (version == Migrations.Length)
        {
            return;
        }
        await using var transaction = await connection.BeginTransactionAsync(stop);
        var sql = new PostgresSql(connection, transaction);
        await sql.RunAsync("SELECT pg_advisory_xact_lock($1)", [MigrationLock], stop);
        // Another may have done it while we waited for the lock.
        for (var next = await VersionAsync(sql, stop); next < Migrations.Length; next++)
        {
            if (next == 0)
            {
                await MakeRoomAsync(sql, stop);
            }
            await sql.RunAsync(Migrations[next], [], stop);
            await sql.RunAsync("UPDATE fairlead.version SET number = $1", [next + 1], stop);
        }
        await transaction.CommitAsync(stop);
    }

    private static async Task<int> LookAsync(
        NpgsqlConnection connection,
        PostgresAddress address,
        CancellationToken stop
    )
    {
        if (connection.PostgreSqlVersion.Major < OldestServer)
        {
            throw new ProblemException(
                PostgresProblems.TooOld(address, $"{connection.PostgreSqlVersion}", OldestServer)
            );
        }
        var sql = new PostgresSql(connection);
        var (encoding, isReadOnly, isStandby) = (
            await sql.RowsAsync(
                "SELECT current_setting('server_encoding'), current_setting('transaction_read_only') = 'on', pg_is_in_recovery()",
                [],
                row => (row.GetString(0), row.GetBoolean(1), row.GetBoolean(2)),
                stop
            )
        )[0];
        if (encoding is not "UTF8")
        {
            throw new ProblemException(PostgresProblems.NotUtf8(address, encoding));
        }
        return isReadOnly
            ? throw new ProblemException(PostgresProblems.ReadOnly(address, isStandby))
            : await VersionAsync(sql, stop);
    }

    /// <summary>Whoever may not make schemas may be given one.</summary>
    private static async Task MakeRoomAsync(PostgresSql sql, CancellationToken stop)
    {
        if (await sql.NumberAsync("SELECT 1 FROM pg_namespace WHERE nspname = 'fairlead'", [], stop) is null)
        {
            await sql.RunAsync("CREATE SCHEMA fairlead", [], stop);
        }
        await sql.RunAsync(
            "CREATE TABLE fairlead.version (id integer PRIMARY KEY CHECK (id = 1), number integer NOT NULL)",
            [],
            stop
        );
        await sql.RunAsync("INSERT INTO fairlead.version VALUES (1, 0)", [], stop);
    }

    private static async Task<int> VersionAsync(PostgresSql sql, CancellationToken stop) =>
        // Asked of the catalogue's tables: to_regclass would still see what was there before we waited for the lock.
        await sql.NumberAsync(
            """
            SELECT 1 FROM pg_class JOIN pg_namespace ON pg_namespace.oid = relnamespace
            WHERE nspname = 'fairlead' AND relname = 'version'
            """,
            [],
            stop
        )
            is null
            ? 0
            : Convert.ToInt32(
                await sql.NumberAsync("SELECT number FROM fairlead.version", [], stop),
                CultureInfo.InvariantCulture
            );
}
