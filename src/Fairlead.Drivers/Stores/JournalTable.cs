using System.Text.Json;
using System.Text.Json.Nodes;
using Fairlead.Drivers.Http;
using Fairlead.Model.Apps;
using Fairlead.Model.Ports;
using Fairlead.Model.Security;
using Microsoft.Data.Sqlite;

namespace Fairlead.Drivers.Stores;

/// <summary>Appends to the journal's table, reads it, and recomputes its chain.</summary>
internal static class JournalTable
{
    private const string Columns = "seq, at, app, environment, deployment, fence, kind, text, body, hash";

    public static JournalEntry Append(Sql sql, NewEntry entry, Fence fence, DateTimeOffset now)
    {
        var (last, before) = Head(sql);
        var row = new JournalRow(
            last + 1,
            JournalChain.TimeText(now),
            entry.Site.App,
            entry.Site.Environment,
            entry.Deployment,
            fence.Number,
            entry.Kind,
            StoredText.Clean(entry.Text),
            StoredText.Of(entry.Body)
        );
        var hash = JournalChain.Hash(before, row);
        sql.Run(
            $"INSERT INTO journal ({Columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            row.Sequence,
            row.At,
            row.App,
            row.Environment,
            row.Deployment,
            row.Fence,
            row.Kind,
            row.Text,
            row.Body,
            hash
        );
        sql.Run("UPDATE head SET seq = $1, hash = $2", row.Sequence, hash);
        return Entry(row, hash);
    }

    public static IEnumerable<JournalEntry> Read(Sql sql, long after, JournalFilter? filter, int max)
    {
        List<object?> values = [after, max];
        var where = "seq > $1";
        if (filter?.Site is { } site)
        {
            where += " AND app = $3 AND environment = $4";
            values.AddRange([site.App, site.Environment]);
        }
        if (filter?.Deployment is { } deployment)
        {
            values.Add(deployment);
            where += filter.Site is null ? " AND deployment = $3" : " AND deployment = $5";
        }
        return sql.Rows(
            $"SELECT {Columns} FROM journal WHERE {where} ORDER BY seq LIMIT $2",
            reader => Entry(Row(reader), reader.GetString(9)),
            [.. values]
        );
    }

    /// <summary>Lines as they are hashed, with their hashes.</summary>
    public static IEnumerable<HashedLine> Lines(Sql sql, long after, int max) =>
        sql.Rows(
            $"SELECT {Columns} FROM journal WHERE seq > $1 ORDER BY seq LIMIT $2",
            reader => new HashedLine(Row(reader), reader.GetString(9)),
            after,
            max
        );

    public static IEnumerable<Removal> Removals(Sql sql) =>
        sql.Rows(
            "SELECT body FROM removals ORDER BY last",
            reader => JsonSerializer.Deserialize<Removal>(reader.GetString(0), Wire.Json)!
        );

    /// <summary>Removes lines, and leaves in their place what stands for them.</summary>
    public static void Remove(Sql sql, Removal removal)
    {
        var (last, before) = Removed(sql);
        var chain = sql.Rows("SELECT hash FROM journal WHERE seq = $1", reader => reader.GetString(0), removal.Last())
            .FirstOrDefault();
        if (removal.First != last + 1 || removal.Before != before || removal.Head.Chain != chain)
        {
            throw new InvalidOperationException(
                $"The journal begins at line {last + 1}; lines {removal.First} to {removal.Last()} are not its first."
            );
        }
        sql.Run(
            "INSERT INTO removals (last, hash, body) VALUES ($1, $2, $3)",
            removal.Last(),
            removal.Head.Chain,
            JsonSerializer.Serialize(removal, Wire.Json)
        );
        sql.Run("DELETE FROM journal WHERE seq <= $1", removal.Last());
    }

    /// <summary>The first sequence number that is missing or does not fit; null when the chain is whole.</summary>
    public static long? FindBreak(Sql sql, CancellationToken stop)
    {
        var head = Head(sql);
        var (removed, before) = Removed(sql);
        var next = removed + 1;
        foreach (var (row, hash) in sql.Rows($"SELECT {Columns} FROM journal ORDER BY seq", Hashed))
        {
            stop.ThrowIfCancellationRequested();
            if (row.Sequence != next || JournalChain.Hash(before, row) != hash)
            {
                return next;
            }
            (before, next) = (hash, next + 1);
        }
        return head == (next - 1, before) ? null : next;
    }

    private static (JournalRow Row, string Hash) Hashed(SqliteDataReader reader) => (Row(reader), reader.GetString(9));

    /// <summary>The last line that was removed, and its hash.</summary>
    private static (long Sequence, string Hash) Removed(Sql sql) =>
        sql.Rows(
                "SELECT last, hash FROM removals ORDER BY last DESC LIMIT 1",
                reader => (reader.GetInt64(0), reader.GetString(1))
            )
            .FirstOrDefault((0, JournalChain.Root));

    private static (long Sequence, string Hash) Head(Sql sql) =>
        sql.Rows("SELECT seq, hash FROM head", reader => (reader.GetInt64(0), reader.GetString(1))).First();

    private static JournalRow Row(SqliteDataReader reader) =>
        new(
            reader.GetInt64(0),
            reader.GetString(1),
            reader.GetString(2),
            reader.GetString(3),
            reader.IsDBNull(4) ? null : reader.GetString(4),
            reader.GetInt64(5),
            reader.GetString(6),
            reader.GetString(7),
            reader.IsDBNull(8) ? null : reader.GetString(8)
        );

    private static JournalEntry Entry(JournalRow row, string hash) =>
        new(
            row.Sequence,
            JournalChain.Time(row.At),
            new Site(row.App, row.Environment),
            row.Deployment,
            row.Kind,
            row.Text,
            row.Body is null ? null : JsonNode.Parse(row.Body),
            hash
        );
}
