using System.IO.Compression;
using System.Text.Json;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Fairlead.Model.Telemetry;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Stores;

/// <summary>The tables of errors and what is said to them.</summary>
internal static class ErrorTables
{
    // Groups go with a month without events, all else with its age: a busy group keeps its last month.
    private const int SweptAtOnce = 500;

    private const int RewrittenAtOnce = 200;

    public const string Schema = """
        CREATE TABLE IF NOT EXISTS groups (
            id            TEXT PRIMARY KEY,
            site          TEXT NOT NULL,
            status        TEXT NOT NULL,
            last_seen     INTEGER NOT NULL,
            first_release INTEGER,
            back_release  INTEGER,
            body          TEXT NOT NULL,
            users         BLOB NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS groups_site ON groups (site, last_seen);
        CREATE INDEX IF NOT EXISTS groups_seen ON groups (last_seen);

        CREATE TABLE IF NOT EXISTS hours (
            grp     TEXT NOT NULL,
            release INTEGER NOT NULL,
            hour    INTEGER NOT NULL,
            count   INTEGER NOT NULL,
            PRIMARY KEY (grp, release, hour)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE IF NOT EXISTS events (
            grp     TEXT NOT NULL,
            release INTEGER NOT NULL,
            slot    INTEGER NOT NULL,
            body    BLOB NOT NULL,
            PRIMARY KEY (grp, release, slot)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE IF NOT EXISTS sessions (
            site    TEXT NOT NULL,
            release INTEGER NOT NULL,
            hour    INTEGER NOT NULL,
            started INTEGER NOT NULL,
            errored INTEGER NOT NULL,
            crashed INTEGER NOT NULL,
            PRIMARY KEY (site, release, hour)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE IF NOT EXISTS checkins (
            site TEXT NOT NULL,
            slug TEXT NOT NULL,
            body TEXT NOT NULL,
            PRIMARY KEY (site, slug)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE IF NOT EXISTS maps (
            site     TEXT NOT NULL,
            release  INTEGER NOT NULL,
            name     TEXT NOT NULL,
            file     TEXT NOT NULL,
            debug_id TEXT,
            added    INTEGER NOT NULL,
            body     BLOB NOT NULL,
            PRIMARY KEY (site, release, name)
        ) STRICT;
        CREATE INDEX IF NOT EXISTS maps_debug ON maps (site, debug_id) WHERE debug_id IS NOT NULL;
        CREATE INDEX IF NOT EXISTS maps_file ON maps (site, file);

        CREATE TABLE IF NOT EXISTS forwards (
            site   TEXT PRIMARY KEY,
            target TEXT NOT NULL
        ) STRICT, WITHOUT ROWID;
        """;

    public static ErrorGroup? Find(Sql sql, string id) =>
        sql.Rows("SELECT body, users FROM groups WHERE id = $1", Group, id).FirstOrDefault();

    public static IEnumerable<ErrorGroup> List(Sql sql, GroupFilter filter) =>
        sql.Rows(
            """
            SELECT body, users FROM groups
            WHERE ($1 IS NULL OR site = $1) AND ($2 IS NULL OR status = $2)
                AND ($3 IS NULL OR first_release = $3 OR back_release = $3)
            ORDER BY last_seen DESC, id LIMIT $4
            """,
            Group,
            filter.Site?.ToString(),
            filter.Status?.ToString(),
            filter.Release,
            filter.Max
        );

    public static void Put(Sql sql, ErrorGroup group) =>
        sql.Run(
            """
            INSERT OR REPLACE INTO groups (id, site, status, last_seen, first_release, back_release, body, users)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
            """,
            group.Id,
            group.Site.ToString(),
            group.Status.ToString(),
            group.LastSeen.ToUnixTimeMilliseconds(),
            group.FirstRelease,
            group.RegressedIn,
            JsonSerializer.Serialize(group, SqliteErrorStore.Json),
            group.Users.Registers.ToArray()
        );

    public static void AddHour(Sql sql, string group, int release, long hour, int count) =>
        sql.Run(
            """
            INSERT INTO hours (grp, release, hour, count) VALUES ($1, $2, $3, $4)
            ON CONFLICT (grp, release, hour) DO UPDATE SET count = count + excluded.count
            """,
            group,
            release,
            hour,
            count
        );

    public static IEnumerable<HourCount> Counts(Sql sql, string group, DateTimeOffset since) =>
        sql.Rows(
            "SELECT hour, release, count FROM hours WHERE grp = $1 AND hour >= $2 ORDER BY hour, release",
            row => new HourCount(Hour(row.GetInt64(0)), row.GetInt32(1), row.GetInt64(2)),
            group,
            since.ToUnixTimeSeconds() / 3600
        );

    public static void PutEvent(Sql sql, string group, int release, int slot, ErrorEvent one) =>
        sql.Run(
            "INSERT OR REPLACE INTO events (grp, release, slot, body) VALUES ($1, $2, $3, $4)",
            group,
            release,
            slot,
            Packed(JsonSerializer.SerializeToUtf8Bytes(one, SqliteErrorStore.Json))
        );

    public static IEnumerable<ErrorEvent> Events(Sql sql, string group, int max) =>
        sql.Rows(
                "SELECT body FROM events WHERE grp = $1 ORDER BY slot = 1000 DESC, release DESC, slot LIMIT $2",
                row => JsonSerializer.Deserialize<ErrorEvent>(Unpacked((byte[])row[0]), SqliteErrorStore.Json)!,
                group,
                max * 2
            )
            // The only event of a release is its first one and its last one.
            .DistinctBy(one => one.Id)
            .Take(max);

    /// <summary>One page of events, in the order of their places.</summary>
    /// <returns>Where the page ends; null when it is the last.</returns>
    public static (int Changed, ErrorPlace? Last) RewriteEvents(
        Sql sql,
        Func<ErrorEvent, ErrorEvent?> rule,
        ErrorPlace? after,
        bool isTrial
    )
    {
        var rows = sql.Rows(
                """
                SELECT grp, release, slot, body FROM events WHERE (grp, release, slot) > ($1, $2, $3)
                ORDER BY grp, release, slot LIMIT $4
                """,
                row =>
                    (Place: new ErrorPlace(row.GetString(0), row.GetInt32(1), row.GetInt32(2)), Body: (byte[])row[3]),
                after?.Group ?? "",
                after?.Release ?? 0,
                after?.Slot ?? 0,
                RewrittenAtOnce
            )
            .ToList();
        var changed = 0;
        foreach (var (place, body) in rows)
        {
            if (rule(JsonSerializer.Deserialize<ErrorEvent>(Unpacked(body), SqliteErrorStore.Json)!) is { } next)
            {
                changed++;
                if (!isTrial)
                {
                    PutEvent(sql, place.Group, place.Release, place.Slot, next);
                }
            }
        }
        return (changed, rows.Count < RewrittenAtOnce ? null : rows[^1].Place);
    }

    /// <inheritdoc cref="RewriteEvents"/>
    public static (int Changed, string? Last) RewriteGroups(
        Sql sql,
        Func<ErrorGroup, ErrorGroup?> rule,
        string? after,
        bool isTrial
    )
    {
        var groups = sql.Rows(
                "SELECT body, users FROM groups WHERE id > $1 ORDER BY id LIMIT $2",
                Group,
                after,
                RewrittenAtOnce
            )
            .ToList();
        var changed = groups.Select(rule).OfType<ErrorGroup>().ToList();
        foreach (var group in isTrial ? [] : changed)
        {
            Put(sql, group);
        }
        return (changed.Count, groups.Count < RewrittenAtOnce ? null : groups[^1].Id);
    }

    public static void Add(Sql sql, SessionCount count) =>
        sql.Run(
            """
            INSERT INTO sessions (site, release, hour, started, errored, crashed) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (site, release, hour) DO UPDATE SET
                started = started + excluded.started, errored = errored + excluded.errored, crashed = crashed + excluded.crashed
            """,
            count.Site.ToString(),
            count.Release,
            count.Hour.ToUnixTimeSeconds() / 3600,
            count.Started,
            count.Errored,
            count.Crashed
        );

    public static IEnumerable<SessionCount> Sessions(Sql sql, Site site, DateTimeOffset since) =>
        sql.Rows(
            """
            SELECT release, min(hour), sum(started), max(0, sum(errored)), sum(crashed) FROM sessions
            WHERE site = $1 AND hour >= $2 GROUP BY release ORDER BY release DESC
            """,
            row => new SessionCount(
                site,
                row.GetInt32(0),
                Hour(row.GetInt64(1)),
                row.GetInt64(2),
                row.GetInt64(3),
                row.GetInt64(4)
            ),
            site.ToString(),
            since.ToUnixTimeSeconds() / 3600
        );

    public static void Note(Sql sql, CheckIn checkIn)
    {
        var before = sql.Rows(
                "SELECT body FROM checkins WHERE site = $1 AND slug = $2",
                CheckIn,
                checkIn.Site.ToString(),
                checkIn.Slug
            )
            .FirstOrDefault();
        var next = checkIn.After(before);
        sql.Run(
            "INSERT OR REPLACE INTO checkins (site, slug, body) VALUES ($1, $2, $3)",
            next.Site.ToString(),
            next.Slug,
            JsonSerializer.Serialize(next, SqliteErrorStore.Json)
        );
    }

    public static IEnumerable<CheckIn> CheckIns(Sql sql, Site site) =>
        sql.Rows("SELECT body FROM checkins WHERE site = $1 ORDER BY slug LIMIT 1000", CheckIn, site.ToString());

    /// <returns>How many groups went.</returns>
    public static int Sweep(Sql sql, DateTimeOffset keepSince, long bytesMax)
    {
        var since = keepSince.ToUnixTimeMilliseconds();
        sql.Run("DELETE FROM hours WHERE hour < $1", since / 3_600_000);
        sql.Run("DELETE FROM sessions WHERE hour < $1", since / 3_600_000);
        sql.Run("DELETE FROM maps WHERE added < $1", since);
        var gone = Drop(sql, "SELECT id FROM groups WHERE last_seen < $1", since);
        while (TelemetryFile.BytesUsed(sql) > bytesMax)
        {
            var oldest = Drop(sql, "SELECT id FROM groups ORDER BY last_seen LIMIT $1", SweptAtOnce);
            // Maps are what is left then.
            if (
                oldest == 0
                && sql.Run("DELETE FROM maps WHERE rowid IN (SELECT rowid FROM maps ORDER BY added LIMIT 10)") == 0
            )
            {
                break;
            }
            gone += oldest;
        }
        return gone;
    }

    private static int Drop(Sql sql, string choice, long value)
    {
        var ids = sql.Rows(choice, row => row.GetString(0), value).ToList();
        foreach (var id in ids)
        {
            sql.Run("DELETE FROM events WHERE grp = $1", id);
            sql.Run("DELETE FROM hours WHERE grp = $1", id);
            sql.Run("DELETE FROM groups WHERE id = $1", id);
        }
        return ids.Count;
    }

    // An address has no space: one that may lead inside stands as it is, as all did before there were others.
    private const string OnlyPublic = " public";

    public static string Text(ErrorForward forward) =>
        forward.Most is AddressKind.Public ? forward.To.AbsoluteUri + OnlyPublic : forward.To.AbsoluteUri;

    public static ErrorForward Forward(string text) =>
        text.EndsWith(OnlyPublic, StringComparison.Ordinal)
            ? new(new Uri(text[..^OnlyPublic.Length]), AddressKind.Public)
            : new(new Uri(text), AddressKind.Inside);

    private static ErrorGroup Group(SqliteDataReader row) =>
        JsonSerializer.Deserialize<ErrorGroup>(row.GetString(0), SqliteErrorStore.Json)! with
        {
            Users = DistinctCount.Of((byte[])row[1]),
        };

    private static CheckIn CheckIn(SqliteDataReader row) =>
        JsonSerializer.Deserialize<CheckIn>(row.GetString(0), SqliteErrorStore.Json)!;

    private static DateTimeOffset Hour(long number) => DateTimeOffset.FromUnixTimeSeconds(number * 3600);

    internal static byte[] Packed(ReadOnlyMemory<byte> bytes)
    {
        using var packed = new MemoryStream();
        using (var packer = new BrotliStream(packed, CompressionLevel.Fastest))
        {
            packer.Write(bytes.Span);
        }
        return packed.ToArray();
    }

    internal static byte[] Unpacked(byte[] packed)
    {
        using var unpacked = new MemoryStream();
        using var unpacker = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress);
        unpacker.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}

/// <summary>Where an event lies.</summary>
internal sealed record ErrorPlace(string Group, int Release, int Slot);
