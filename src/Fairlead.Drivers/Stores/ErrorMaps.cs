using Fairlead.Model.Telemetry;

namespace Fairlead.Drivers.Stores;

/// <summary>Source maps among the errors.</summary>
internal static class ErrorMaps
{
    public static int Keep(Sql sql, SourceMapFile map) =>
        sql.Run(
            """
            INSERT OR REPLACE INTO maps (site, release, name, file, debug_id, added, body)
            VALUES ($1, $2, $3, $4, $5, $6, $7)
            """,
            map.Site.ToString(),
            map.Release,
            map.Name,
            FileOf(map.Name),
            map.DebugId,
            map.AddedAt.ToUnixTimeMilliseconds(),
            ErrorTables.Packed(map.Bytes)
        );

    /// <summary>By its debug id; else of the release, or of all releases, the one whose path ends most alike.</summary>
    public static ReadOnlyMemory<byte>? Find(Sql sql, SourceMapQuery query)
    {
        var site = query.Site.ToString();
        var row =
            query.DebugId is { } id
            && sql.Number("SELECT rowid FROM maps WHERE site = $1 AND debug_id = $2 LIMIT 1", site, id) is { } byId
                ? byId
                : ByPath(sql, site, query);
        return row is { } found
            ? sql.Rows(
                    "SELECT body FROM maps WHERE rowid = $1",
                    one => (ReadOnlyMemory<byte>)ErrorTables.Unpacked((byte[])one[0]),
                    found
                )
                .First()
            : (ReadOnlyMemory<byte>?)null;
    }

    private static long? ByPath(Sql sql, string site, SourceMapQuery query) =>
        sql.Rows(
                "SELECT rowid, name, release FROM maps WHERE site = $1 AND file = $2 AND release IN ($3, 0) LIMIT 1000",
                row => (Row: row.GetInt64(0), Name: row.GetString(1), Release: row.GetInt32(2)),
                site,
                FileOf(query.Name),
                query.Release
            )
            .OrderByDescending(one => Alike(one.Name, query.Name))
            .ThenByDescending(one => one.Release)
            .Select(one => (long?)one.Row)
            .FirstOrDefault();

    private static string FileOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    private static int Alike(string left, string right)
    {
        var (mine, theirs) = (left.Split('/'), right.Split('/'));
        var count = 0;
        while (count < mine.Length && count < theirs.Length && mine[^(count + 1)] == theirs[^(count + 1)])
        {
            count++;
        }
        return count;
    }
}
